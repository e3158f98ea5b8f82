// A chart can be taken along: the drawing as SVG with its colours written in, the figures as CSV from the table twin.
const DRAWN = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "font-family", "font-size", "font-weight", "text-anchor", "paint-order"];

function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function drawing(figure) {
  const shown = [...figure.querySelectorAll("svg.plot")].find((svg) => svg.getBoundingClientRect().width > 0);
  if (!shown) return null;
  const copy = shown.cloneNode(true);
  const originals = [shown, ...shown.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, place) => {
    const style = getComputedStyle(originals[place]);
    for (const name of DRAWN) node.setAttribute(name, style.getPropertyValue(name));
    node.removeAttribute("class");
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

// Semicolons, a mark of order and quotes where needed: what a Danish spreadsheet opens without asking.
// A text that a spreadsheet would run as a formula gets an apostrophe in front.
function cellText(cell) {
  const plain = cell.textContent.replace(/\s+/g, " ").trim();
  const text = /^[=+@\t]/.test(plain) || /^-[^\d]/.test(plain) ? `'${plain}` : plain;
  return /[";\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function figures(figure) {
  const table = figure.querySelector("table");
  return table ? `\ufeff${[...table.rows].map((row) => [...row.cells].map(cellText).join(";")).join("\r\n")}\r\n` : null;
}

// The drawing as dots, twice as fine as on the screen, on the ground it is shown on.
async function picture(figure) {
  const text = drawing(figure);
  if (!text) return null;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  const paper = canvas.getContext("2d");
  paper.fillStyle = getComputedStyle(document.body).backgroundColor;
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function enhance(root) {
  for (const figure of root.querySelectorAll("[data-chart]:not([data-ready])")) {
    const tools = figure.querySelector("[data-chart-tools]");
    if (!tools) continue;
    figure.dataset.ready = "";
    const name = figure.dataset.chart || "figur";
    tools.querySelector("[data-download=svg]").addEventListener("click", () => {
      const text = drawing(figure);
      if (text) save(`${name}.svg`, "image/svg+xml", text);
    });
    tools.querySelector("[data-download=png]")?.addEventListener("click", async () => {
      const dots = await picture(figure);
      if (dots) save(`${name}.png`, "image/png", dots);
    });
    tools.querySelector("[data-download=csv]").addEventListener("click", () => {
      const text = figures(figure);
      if (text) save(`${name}.csv`, "text/csv", text);
    });
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
