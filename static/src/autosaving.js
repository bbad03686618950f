// A draft that is sent until the portal has it. Nothing is kept in the browser: panels share meeting-room computers,
// and what is written about a candidate must not stay behind on one.
(() => {
  "use strict";
  const AGAIN_AFTER = 4000;

  const form = document.querySelector("[data-autosave]");
  if (!form) return;
  const said = form.querySelector("[data-unsaved]");
  let written = 0, sent = 0, timer = null, leaving = false;
  let kept = 0; // what has been written, and how much of it the portal has confirmed

  const count = () => { form.step.value = Number(form.step.value) + 1; };
  const changed = () => { written += 1; };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { leaving = true; count(); });

  // What is sent by hand holds everything: nothing that waits follows it.
  form.addEventListener("htmx:beforeRequest", (event) => { if (leaving) event.preventDefault(); });

  // Each sending is numbered: the portal drops what a slow network brings after something newer.
  form.addEventListener("htmx:configRequest", (event) => {
    count();
    event.detail.parameters.set("step", form.step.value);
    sent = written;
  });

  const lost = () => {
    said.textContent = form.dataset.offline;
    clearTimeout(timer);
    timer = setTimeout(again, AGAIN_AFTER);
  };
  const again = async () => {
    clearTimeout(timer);
    if (kept === written) return;
    try { await renew(); } catch { return lost(); }
    htmx.trigger(form, "again");
  };

  // Signed in anew in another window: the form takes the new token, if it is the same person who signed in.
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-autosave]");
    if (!now || now.dataset.writer !== form.dataset.writer) return;
    form.csrf_token.value = now.csrf_token.value;
    document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
  };

  form.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0; // every answer with a status is a success to htmx
    if (status >= 200 && status < 300) {
      kept = Math.max(kept, sent);
      if (kept === written) { said.textContent = ""; clearTimeout(timer); }
    } else if (status === 0 || status >= 500 || status === 400 || status === 401) lost();
  });
  window.addEventListener("online", again);

  // Going away: what the pause of the keyboard has not sent yet is sent now; what cannot be sent asks to stay.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || kept === written || leaving) return;
    count();
    fetch(form.action, {
      method: "POST", keepalive: true, body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" },
    }).catch(() => {});
  });
  window.addEventListener("beforeunload", (event) => {
    if (kept !== written && !leaving) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { leaving = false; });
})();
