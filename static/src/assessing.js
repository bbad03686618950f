// Assessing: the keys that rate.
(() => {
  "use strict";
  // Inside a question, and not in a text field: 1–5 rate, 0 and i mean not covered, j and k go on and back.
  const step = (question, by) => {
    const all = [...document.querySelectorAll("[data-question]")];
    const next = all[all.indexOf(question) + by];
    if (next) { next.focus(); next.scrollIntoView({ block: "start" }); }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("textarea, select, input:not([type=radio])")) return;
    const question = event.target.closest("[data-question]");
    if (!question) return;
    const value = { 0: "not_covered", i: "not_covered" }[event.key] || event.key;
    const level = /^([1-5]|not_covered)$/.test(value) && question.querySelector(`input[type=radio][value="${value}"]`);
    if (level) { level.focus(); level.click(); }
    else if (event.key === "j") step(question, 1);
    else if (event.key === "k") step(question, -1);
    else return;
    event.preventDefault();
  });
})();
