// How it stands, in one calm line.
const many = (words, name, n) => words[n === 1 ? `${name}_one` : name].replace("{n}", n);

export function queueWords(words, { net, out, waiting, back, others }) {
  const parts = [];
  if (out) parts.push(words.out);
  else if (net === false) parts.push(words.away);
  if (waiting) parts.push(many(words, net === false || out ? "waiting" : "sending", waiting));
  if (back) parts.push(many(words, "back", back));
  if (others) parts.push(many(words, "others", others));
  const calm = parts.length === 0;
  const state = calm ? "good" : back ? "attention" : "partly";
  return { text: calm ? words.sent : parts.join(" · "), state, calm, shape: { good: "●", partly: "◐", attention: "▲" }[state] };
}
