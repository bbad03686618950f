// Small comforts on top of pages that work without any script.
(() => {
  "use strict";
  const announcer = () => document.getElementById("announcer");

  // Ask before a form that destroys something; the page says what is lost in data-confirm.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (!question || window.confirm(question)) return;
    event.preventDefault();
    event.stopPropagation(); // or htmx would send it all the same
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

  // The page says what takes the focus: the errors, or what a swap has just put in its place.
  const takeFocus = (root) => {
    const found = root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]");
    if (found) found.focus();
  };
  document.addEventListener("DOMContentLoaded", () => takeFocus(document));

  // After a swap: say what changed, and put the focus where the page asks for it.
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = event.target.closest("[data-announce]") || event.target.querySelector("[data-announce]");
    if (said && announcer()) announcer().textContent = said.dataset.announce;
    takeFocus(event.target);
  });

  // A page that asks by itself whether something is new rests while nobody looks at it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.matches("[data-live]")) event.preventDefault();
  });

  // A lost connection must not look like a saved change.
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.closest("[data-autosave]")) return; // says so itself, and sends it again
    const place = document.getElementById("notices");
    if (place) place.textContent = place.dataset.offline;
  });

  // Buttons that only work with a script begin hidden.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-shows], [data-copy], [data-print]").forEach((button) => { button.hidden = false; });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-shows], [data-copy], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) window.print();
    if (button.dataset.shows) {
      const field = document.getElementById(button.dataset.shows);
      field.type = field.type === "password" ? "text" : "password";
      [button.textContent, button.dataset.hide] = [button.dataset.hide, button.textContent];
    }
    if (button.dataset.copy && navigator.clipboard) {
      const place = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(place.value ?? place.textContent).then(() => {
        button.textContent = button.dataset.done;
        if (announcer()) announcer().textContent = button.dataset.done;
      });
    }
  });

  // How many competencies are picked, while picking.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-picks]");
    const place = form && form.querySelector("[data-picked]");
    if (place) place.textContent = form.querySelectorAll("input[type=checkbox]:checked").length;
  });

  // Shares that must add up: the sum is said while they are being written.
  document.addEventListener("input", (event) => {
    const group = event.target.closest("[data-total]");
    if (!group) return;
    const fields = [...group.querySelectorAll("input[type=number]")];
    const sum = fields.reduce((before, field) => before + (parseInt(field.value, 10) || 0), 0);
    const right = sum === Number(group.dataset.total);
    const said = group.querySelector("output");
    said.textContent = (right ? group.dataset.right : group.dataset.wrong).replace("{sum}", sum);
    said.className = `label label-${right ? "success" : "warning"}`;
  });

  // On a small screen the menu begins closed.
  document.addEventListener("DOMContentLoaded", () => {
    const menu = document.querySelector("details.menu");
    if (menu && window.matchMedia("(max-width: 767px)").matches) menu.open = false;
  });

  // Dragging by the handle orders a list; dropping sends the new place with the form that the buttons use, and the
  // answer says where the item went. Without a mouse or a script the buttons do the same.
  document.documentElement.classList.add("scripted");
  let dragged = null, origin = null;
  const siblings = (item) => [...item.parentElement.children];
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-sortable] > li > .handle");
    if (handle) handle.parentElement.draggable = true;
  });
  document.addEventListener("pointerup", () => {
    document.querySelectorAll("[data-sortable] > [draggable]").forEach((item) => item.removeAttribute("draggable"));
  });
  document.addEventListener("dragstart", (event) => {
    const item = event.target.closest("[data-sortable] > [draggable]");
    if (!item) return;
    dragged = item;
    origin = siblings(item).indexOf(item);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.id);
    setTimeout(() => item.classList.add("dragged"), 0);
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && event.target.closest("[data-sortable] > li");
    if (!over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== dragged) over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
  });
  document.addEventListener("drop", (event) => {
    if (!dragged || !dragged.parentElement.contains(event.target)) return;
    event.preventDefault();
    const form = dragged.querySelector("form[data-move]");
    const place = siblings(dragged).indexOf(dragged);
    if (place === origin) return;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "place", value: place + 1 });
    form.append(field);
    origin = place; // it stays where it was dropped
    form.requestSubmit();
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    const others = siblings(dragged).filter((item) => item !== dragged);
    if (siblings(dragged).indexOf(dragged) !== origin) dragged.parentElement.insertBefore(dragged, others[origin] || null);
    dragged.classList.remove("dragged");
    dragged.removeAttribute("draggable");
    dragged = null;
  });

  // Escape closes an open menu.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
