// Counts down how long an offered conversation is still the agent's alone.
const SECOND = 1000;

setInterval(() => {
  for (const left of document.querySelectorAll(".offer-left")) {
    const seconds = Math.max(0, left.dataset.seconds - 1);
    left.dataset.seconds = seconds;
    left.textContent = left.dataset.words.replace("#", seconds);
    left.hidden = seconds === 0;
  }
}, SECOND);
