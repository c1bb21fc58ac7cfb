// Draws every chart of `<c-chart>` with the library, which is loaded when the first chart comes into the page.
(function () {
  "use strict";

  const DASHES = ["solid", [6, 4], [2, 3], "solid", [6, 4]];
  const TONES = { plain: ["ink-2", "solid"], warn: ["warn", [6, 4]], bad: ["bad", [2, 3]] };
  const MOST_LABELS = 10;
  const drawn = new Map();
  let library = null;

  function load(url) {
    library =
      library ||
      new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = url;
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
      });
    return library;
  }

  // The tokens of a theme, whichever one the page shows: paper is always light.
  function palette(theme) {
    const probe = document.createElement("span");
    probe.dataset.bsTheme = theme;
    probe.hidden = true;
    document.body.append(probe);
    const style = getComputedStyle(probe);
    const colour = (name) => style.getPropertyValue("--" + name).trim();
    const names = ["ink", "ink-2", "ink-3", "line", "line-2", "surface", "warn", "bad", "bad-tint", "warn-tint"];
    const found = Object.fromEntries(names.map((name) => [name, colour(name)]));
    found.series = [1, 2, 3, 4, 5].map((place) => colour("series-" + place));
    probe.remove();
    return found;
  }

  // Between the lines of lock and breach, and below the breach, the ground is tinted.
  function areas(lines, colours) {
    const level = (tone) => lines.filter((line) => line.tone === tone).map((line) => line.value)[0];
    const [warn, bad] = [level("warn"), level("bad")];
    const tint = (name, from, to) => [{ yAxis: from, itemStyle: { color: colours[name] } }, { yAxis: to }];
    const found = [];
    if (warn !== undefined && bad !== undefined) found.push(tint("warn-tint", bad, warn));
    if (bad !== undefined) found.push(tint("bad-tint", "min", bad));
    return found;
  }

  function option(data, theme, narrow) {
    const colours = palette(theme);
    const font = getComputedStyle(document.body).fontFamily;
    const hasBars = data.series.some((series) => series.kind === "bar");
    const isShort = data.categories.length <= MOST_LABELS && !narrow;
    const breach = data.lines.filter((line) => line.tone === "bad").map((line) => line.value)[0];
    const lines = data.lines.map((line) => ({
      yAxis: line.value,
      name: line.name,
      lineStyle: { color: colours[TONES[line.tone][0]], type: TONES[line.tone][1], width: 1 },
      label: { formatter: line.name, position: "insideEndTop", color: colours[TONES[line.tone][0]] },
    }));
    const series = data.series.map((one, place) => ({
      name: one.name,
      type: one.kind,
      data: one.values,
      barMaxWidth: 28,
      color: colours.series[place],
      symbol: "circle",
      symbolSize: 6,
      showAllSymbol: true,
      connectNulls: false,
      lineStyle: { width: 2, type: DASHES[place] },
      itemStyle: place && one.kind === "line" ? { color: colours.surface, borderColor: colours.series[place], borderWidth: 2 } : {},
      label: {
        show: place === 0 ? isShort : breach !== undefined && one.kind === "line",
        position: "top",
        color: colours.ink,
        fontSize: 12,
        formatter: (point) =>
          place === 0 || (point.value !== null && point.value < breach) ? one.texts[point.dataIndex] : "",
      },
      labelLayout: { hideOverlap: true },
      markLine: place === 0 && lines.length ? { symbol: "none", silent: true, data: lines, animation: false } : undefined,
      markArea: place === 0 ? { silent: true, data: areas(data.lines, colours) } : undefined,
    }));
    const levels = data.lines.map((line) => line.value);
    return {
      animation: false,
      textStyle: { fontFamily: font, fontSize: 12, color: colours["ink-2"] },
      grid: { left: 4, right: 16, top: data.series.length > 1 ? 40 : 24, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: {
        show: data.series.length > 1,
        top: 0,
        left: 0,
        itemWidth: 22,
        textStyle: { color: colours["ink-2"], fontSize: 12 },
        inactiveColor: colours["ink-3"],
      },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        backgroundColor: colours.surface,
        borderColor: colours["line-2"],
        textStyle: { color: colours.ink, fontSize: 12, fontFamily: font },
        formatter: (points) =>
          [points[0].axisValueLabel, ...points.map((p) => p.seriesName + "  " + data.series[p.seriesIndex].texts[p.dataIndex])].join("\n"),
      },
      xAxis: {
        type: "category",
        data: data.categories,
        boundaryGap: true,
        axisLine: { lineStyle: { color: colours["line-2"] } },
        axisTick: { show: false },
        axisLabel: { color: colours["ink-3"], hideOverlap: true },
      },
      yAxis: {
        type: "value",
        scale: !hasBars,
        min: hasBars ? undefined : (range) => Math.min(range.min, ...levels) - (range.max - range.min || 1) * 0.08,
        max: hasBars ? undefined : (range) => Math.max(range.max, ...levels) + (range.max - range.min || 1) * 0.08,
        splitLine: { lineStyle: { color: colours.line } },
        axisLabel: {
          color: colours["ink-3"],
          showMinLabel: hasBars,
          showMaxLabel: hasBars,
          formatter: (value) => String(Math.round(value * 100) / 100).replace("-", "−") + data.mark,
        },
      },
      series,
    };
  }

  function paint(place, theme) {
    const { chart, data } = drawn.get(place);
    chart.setOption(option(data, theme || document.documentElement.dataset.bsTheme, place.clientWidth < 480), true);
  }

  async function draw(place) {
    if (drawn.has(place)) return;
    drawn.set(place, null);
    await load(place.dataset.chartLibrary);
    await document.fonts.ready;
    if (!place.isConnected) return drawn.delete(place);
    place.hidden = false;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    drawn.set(place, { chart, data: JSON.parse(place.dataset.chart) });
    paint(place);
    place.parentElement.querySelector("[data-chart-acts]").hidden = false;
    new ResizeObserver(() => {
      if (!place.isConnected) return;
      chart.resize();
      paint(place);
    }).observe(place);
  }

  function drawAll() {
    for (const place of drawn.keys()) {
      if (place.isConnected || !drawn.get(place)) continue;
      drawn.get(place).chart.dispose();
      drawn.delete(place);
    }
    document.querySelectorAll("[data-chart]").forEach(draw);
  }

  function paintAll(theme) {
    drawn.forEach((one, place) => one && place.isConnected && paint(place, theme));
  }

  // A picture to keep: light, twice as sharp, on the ground of a card. A canvas makes it, out of sight.
  async function save(button) {
    const place = button.closest("figure").querySelector("[data-chart]");
    const { data } = drawn.get(place);
    const sheet = document.createElement("div");
    const chart = window.echarts.init(sheet, null, { renderer: "canvas", width: 960, height: 400 });
    chart.setOption(option(data, "light", false));
    const link = document.createElement("a");
    link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: palette("light").surface });
    link.download = button.dataset.chartSave;
    link.click();
    chart.dispose();
  }

  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-save]");
    if (button) save(button);
  });
  window.addEventListener("beforeprint", () => paintAll("light"));
  window.addEventListener("afterprint", () => paintAll());
  new MutationObserver(() => paintAll()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
