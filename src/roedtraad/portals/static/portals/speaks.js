// Runs before the first paint: the buttons that read aloud are there from the start, or not at all.
if (window.speechSynthesis && window.SpeechSynthesisUtterance) document.documentElement.classList.add("speaks");
