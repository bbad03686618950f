// Small comforts on top of pages that work without any script.
(() => {
  "use strict";
  const announcer = () => document.getElementById("announcer");

  // Ask before a form that destroys something; the page says what is lost in data-confirm.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  }, true);

  // A sent form cannot be sent twice; it opens again when the browser comes back to the page.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.hasAttribute("hx-post") || event.target.method === "dialog") return;
    const buttons = event.target.querySelectorAll("button:not([name])");
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("button:disabled").forEach((b) => { b.disabled = false; });
  });

  // Errors first: the summary takes the focus, so that readers and keyboards begin there.
  const focusErrors = (root) => {
    const found = root.querySelector("[data-focus]");
    if (found) found.focus();
  };
  document.addEventListener("DOMContentLoaded", () => focusErrors(document));

  // After a swap: say what changed, and put the focus where the page asks for it.
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = event.target.closest("[data-announce]") || event.target.querySelector("[data-announce]");
    if (said && announcer()) announcer().textContent = said.dataset.announce;
    focusErrors(event.target);
  });

  // A lost connection must not look like a saved change.
  document.addEventListener("htmx:sendError", () => {
    const place = document.getElementById("notices");
    if (place) place.textContent = place.dataset.offline;
  });

  // Number keys 1–5 rate the question that has the focus.
  document.addEventListener("keydown", (event) => {
    if (!/^[1-5]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("textarea, input:not([type=radio])")) return;
    const scale = event.target.closest("[data-question]");
    const level = scale && scale.querySelector(`input[type=radio][value="${event.key}"]`);
    if (level) level.click();
  });

  // Buttons that only work with a script begin hidden.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    const place = document.getElementById(button.dataset.copy);
    navigator.clipboard.writeText(place.value ?? place.textContent).then(() => {
      button.textContent = button.dataset.done;
      if (announcer()) announcer().textContent = button.dataset.done;
    });
  });

  // On a small screen the menu begins closed.
  document.addEventListener("DOMContentLoaded", () => {
    const menu = document.querySelector("details.menu");
    if (menu && window.matchMedia("(max-width: 767px)").matches) menu.open = false;
  });

  // Escape closes an open menu.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
