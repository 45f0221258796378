(() => {
  "use strict";
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const looks = JSON.parse(document.getElementById("looks").textContent);
  const root = document.documentElement;
  const hiddenCallers = new Set();

  const resolve = (value, css) => {
    if (typeof value === "string") return value.startsWith("--") ? css.getPropertyValue(value).trim() : value;
    if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((part) => resolve(part, css));
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolve(part, css)]));
    return value;
  };

  const dress = (trace, shared) => {
    const look = looks[trace.caller] ?? {};
    return {
      type: "scatter", name: trace.caller, ...shared, ...trace, visible: !hiddenCallers.has(trace.caller),
      ...(trace.error_y && { error_y: { type: "data", symmetric: false, thickness: 1.4, width: 0, ...trace.error_y } }),
      line: { ...look.line, ...trace.line }, marker: { ...look.marker, ...trace.marker },
    };
  };

  const layoutOf = (figure, css, width) => {
    const colour = (name) => css.getPropertyValue(name).trim();
    const axis = (own = {}) => ({
      gridcolor: colour("--line"), linecolor: colour("--faint"), zeroline: false, automargin: true,
      tickfont: { size: 11.5 }, ...own,
      ...(own.minor && { minor: { ticks: "", gridcolor: colour("--line"), ...own.minor } }),
      title: { font: { size: 12 }, standoff: 8, ...(own.title || {}) },
    });
    const own = resolve(figure.layout, css);
    return {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
      font: { family: colour("--sans"), size: 12, color: colour("--muted") },
      margin: { l: 54, r: 12, t: 8, b: 40 },
      hoverlabel: { bgcolor: colour("--card"), bordercolor: colour("--faint"), font: { color: colour("--ink"), size: 12 }, namelength: -1 },
      legend: { orientation: "h", y: -0.24, x: 0, font: { size: 11.5 } },
      ...own, xaxis: axis(own.xaxis), yaxis: axis(own.yaxis), width,
    };
  };

  const draw = (box) => {
    const scope = box.closest("[data-scope]");
    const key = box.dataset.figure.replace(/\{(\w+)\}/g, (_, name) => scope.dataset[name]);
    const figure = figures[key];
    if (!figure) {
      Plotly.purge(box);
      box.innerHTML = '<p class="none">Nothing was scored here.</p>';
      return;
    }
    box.querySelector(".none")?.remove();
    const css = getComputedStyle(root);
    const data = figure.data.map((trace) => resolve(dress(trace, figure.shared), css));
    Plotly.react(box, data, layoutOf(figure, css, box.clientWidth), {
      displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
    });
    box.dataset.drawn = "yes";
  };

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting && !entry.target.dataset.drawn) draw(entry.target);
  }, { rootMargin: "500px" });
  const boxes = [...document.querySelectorAll("[data-figure]")];
  const redraw = (within = document) => {
    for (const box of within.querySelectorAll("[data-figure][data-drawn]")) draw(box);
  };
  boxes.forEach((box) => near.observe(box));
  let resizing;
  addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(redraw, 120); });

  const choose = (scope, name, value) => {
    scope.dataset[name] = value;
    for (const part of scope.querySelectorAll("[data-when]"))
      part.hidden = part.dataset.when.split(" ").some((rule) => {
        const [key, wanted] = rule.split("=");
        return scope.dataset[key] !== wanted;
      });
    for (const button of scope.querySelectorAll(`button[data-choose="${name}"]`))
      button.setAttribute("aria-pressed", String(button.value === value));
    const parts = [...scope.querySelectorAll("[data-when]")];
    const instead = parts.every((part) => part.hidden) && parts.find((part) => part.dataset.when.split(" ").includes(`${name}=${value}`));
    for (const [key, wanted] of instead ? instead.dataset.when.split(" ").map((rule) => rule.split("=")) : [])
      if (scope.dataset[key] !== wanted) return choose(scope, key, wanted);
    redraw(scope);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.choose) choose(button.closest("[data-scope]"), button.dataset.choose, button.value);
    if (button.dataset.caller) toggle(button.dataset.caller);
    if (button.dataset.sort) sort(button);
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset.choose) choose(event.target.closest("[data-scope]"), event.target.dataset.choose, event.target.value);
  });

  const toggle = (caller) => {
    if (!hiddenCallers.delete(caller)) hiddenCallers.add(caller);
    for (const chip of document.querySelectorAll("[data-caller]"))
      if (chip.dataset.caller === caller) chip.setAttribute("aria-pressed", String(!hiddenCallers.has(caller)));
    redraw();
  };

  const sort = (button) => {
    const head = button.closest("th");
    const table = head.closest("table");
    const rising = head.getAttribute("aria-sort") === "descending" || (!head.hasAttribute("aria-sort") && button.dataset.sort === "text");
    table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const column = Number(button.dataset.column);
    const valueOf = (row) => {
      const value = row.children[column].dataset.value ?? row.children[column].textContent.trim();
      return button.dataset.sort === "text" ? value : value === "" ? -Infinity : Number(value);
    };
    const body = table.tBodies[0];
    [...body.rows].map((row) => [valueOf(row), row])
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (rising ? 1 : -1))
      .forEach(([, row]) => body.append(row));
  };

  const stored = (() => { try { return localStorage.getItem("seqmill-theme"); } catch { return null; } })();
  if (stored) root.dataset.theme = stored;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("seqmill-theme", root.dataset.theme); } catch { /* the choice lasts for this page only */ }
    redraw();
  });
  systemDark.addEventListener("change", () => redraw());

  const links = [...document.querySelectorAll("nav .links a")];
  const follow = new IntersectionObserver((entries) => {
    for (const entry of entries)
      if (entry.isIntersecting) links.forEach((link) => link.classList.toggle("here", link.hash === `#${entry.target.id}`));
  }, { rootMargin: "-20% 0px -70% 0px" });
  document.querySelectorAll("main section[id]").forEach((section) => follow.observe(section));
})();
