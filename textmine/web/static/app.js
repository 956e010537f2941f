// Charts that move: the drawing library is fetched only when asked for, and runs without eval (ast).
"use strict";
(() => {
  const load = () => new Promise((done, failed) => {
    if (window.vegaEmbed) { done(); return; }
    const script = document.createElement("script");
    script.src = "/static/vega.js";
    script.onload = () => done();
    script.onerror = () => failed(new Error("vega.js"));
    document.head.append(script);
  });
  const show = async (button) => {
    button.disabled = true;
    const figure = button.closest("figure");
    const [answer] = await Promise.all([fetch(button.dataset.chart), load()]);
    const specification = await answer.json();
    const place = document.createElement("div");
    place.className = "live";
    figure.querySelector(".scroll").after(place);
    await window.vegaEmbed(place, specification, {
      ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true },
    });
    figure.querySelector(".scroll").hidden = true;
    button.hidden = true;
  };
  for (const button of document.querySelectorAll("button[data-chart]")) {
    button.hidden = false;
    button.addEventListener("click", () => show(button).catch(() => { button.disabled = false; }));
  }
  const here = document.querySelector("#here");
  if (here) { here.scrollIntoView({ block: "center" }); }
})();
