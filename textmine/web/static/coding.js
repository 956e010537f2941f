// Keys for coding by hand. Everything works without them: a key only presses what is on the page.
"use strict";
(() => {
  const form = document.querySelector("form.decide");
  if (!form) { return; }
  const familyOf = (number) => form.querySelector(`fieldset[data-number="${number}"]`);
  const codesOf = (family) => [...family.querySelectorAll("input[name=code]")];
  const boxes = [...form.querySelectorAll("input[name=code]")];
  const names = form.querySelector("#names");
  const status = document.querySelector("#message");
  const switches = document.querySelector("#keys-on");
  const saveButton = form.querySelector("button[value=done]");
  const picture = () => boxes.map((box) => Number(box.checked)).join("") + "\n" + names.value + "\n" + form.querySelector("#note").value;
  const atFirst = picture();
  let chosen = null;   // the family whose code comes next
  let leaving = "";    // an arrow that was pressed with something unsaved
  let isSent = false;
  let byPointer = false;

  const choose = (family) => {
    if (chosen) { chosen.classList.remove("chosen"); }
    chosen = family;
    if (chosen) { chosen.classList.add("chosen"); chosen.scrollIntoView({ block: "nearest" }); }
  };
  const tell = () => { saveButton.firstChild.textContent = boxes.some((box) => box.checked) ? saveButton.dataset.some : saveButton.dataset.none; };
  const press = (selector) => {
    const button = document.querySelector(selector);
    if (button && !isSent) { button.click(); }
    return Boolean(button);
  };
  const go = (key, selector) => {
    const link = document.querySelector(selector);
    if (!link) { return; }
    if (picture() !== atFirst && leaving !== key) { leaving = key; status.textContent = form.dataset.unsaved; return; }
    isSent = true;
    link.click();
  };
  const name = () => {
    const selection = document.getSelection();
    const text = selection.toString().replace(/\s+/g, " ").trim();
    if (!text || !document.querySelector("#sentence").contains(selection.anchorNode)) { names.focus(); return; }
    const given = names.value.split(";").map((one) => one.trim()).filter(Boolean);
    if (!given.includes(text)) { names.value = [...given, text].join("; "); }
    const named = boxes.find((box) => box.value === "cluster.named");
    if (named) { named.checked = true; tell(); }
    selection.removeAllRanges();
  };
  const codeKey = (event) => {
    const place = event.code.startsWith("Key") ? event.code.charCodeAt(3) - 65 : -1;
    const box = codesOf(chosen)[place];
    if (!box) { return false; }
    if (event.shiftKey) {
      const about = box.closest("li").querySelector("details");
      about.open = !about.open;
      about.scrollIntoView({ block: "nearest" });
    } else {
      box.checked = !box.checked;
      tell();
    }
    choose(null);
    return true;
  };
  const singles = {
    "0": () => { for (const box of boxes) { box.checked = false; } tell(); },
    u: () => press("button[value=uncertain]"), s: () => press("button[value=skipped]"),
    z: () => press("#undo"), a: () => press("#accept"), n: name, m: () => form.querySelector("#note").focus(),
    p: () => press("#page"), ArrowLeft: () => go("ArrowLeft", "#previous"), ArrowRight: () => go("ArrowRight", "#next"),
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || isSent) { return; }
    const active = document.activeElement;
    if (active.matches("input[type=text], textarea")) {
      if (event.key === "Escape") { active.blur(); }
      return;
    }
    if (event.key === "?") {
      const help = document.querySelector("#keys");
      help.open = !help.open;
      if (help.open) { help.scrollIntoView({ block: "nearest" }); }
    } else if (!switches.checked) {
      return;
    } else if (event.key === "Escape") {
      choose(null);
    } else if (chosen && codeKey(event)) {
      // done
    } else if (/^[1-9]$/.test(event.key) && familyOf(event.key)) {
      choose(familyOf(event.key));
    } else if (event.key === " " || event.key === "Enter") {
      // what was reached with Tab keeps its own keys
      if (active.matches("a, button, summary, input") && active.matches(":focus-visible")) { return; }
      press("button[value=done]");
    } else if (singles[event.key]) {
      choose(null);
      singles[event.key]();
    } else {
      return;
    }
    event.preventDefault();
  };
  try { switches.checked = localStorage.getItem("textmine-keys") !== "off"; } catch { /* no storage: on */ }
  switches.addEventListener("change", () => {
    try { localStorage.setItem("textmine-keys", switches.checked ? "on" : "off"); } catch { /* for this page only */ }
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", () => { byPointer = true; });
  form.addEventListener("change", (event) => {
    tell();
    // after the mouse, the space bar saves and does not take the code away again
    if (byPointer && event.target.name === "code") { event.target.blur(); }
  });
  document.addEventListener("keydown", () => { byPointer = false; }, true);
  form.addEventListener("submit", () => { isSent = true; });
  addEventListener("pageshow", (event) => { isSent = false; if (event.persisted) { choose(null); } });
  for (const hint of document.querySelectorAll("[data-keys]")) { hint.hidden = false; }
  tell();
})();
