// Charts read their figures and words from the page (<script type="application/json">); the same figures
// stand in a table beside each chart. Tooltips are drawn, not HTML, so the strict policy holds.
const GREEN = "#1e7b4f";
const GREENS = ["#f1eee6", "#cfe3d6", "#93c3a8", "#4f9c75", GREEN];
const BRICK = "#b4432e";
const SOFT = "#4d544f";
const LINE = "#dcd9d2";
const fontFamily = getComputedStyle(document.body).fontFamily;
const WHITE_FROM = 60; // percent: darker ground, white words
const NARROW = 480; // pixels
const INK = "#1f2421";
const textStyle = { fontFamily, color: INK };

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function tooltip(formatter) {
  return { renderMode: "richText", formatter, backgroundColor: "#fff", borderColor: LINE, textStyle };
}

function percent(share) {
  return share === null ? "?" : `${share.toFixed(1)}%`;
}

function ink(row) {
  return row.share >= WHITE_FROM ? "#fff" : INK;
}

function sentence(words) {
  return (row) => `${row.name}\n${words.both} ${row.both}/${row.denominator} ${percent(row.share)}\n${words.distance} ${row.distance}`;
}

const bins = (narrow) => ({
  orient: narrow ? "horizontal" : "vertical",
  type: "piecewise",
  dimension: 0,
  left: narrow ? "center" : 8,
  bottom: narrow ? 0 : 8,
  itemWidth: 14,
  itemGap: 4,
  textStyle: { ...textStyle, fontSize: 12 },
  pieces: [
    { min: 60, label: "≥ 60%", color: GREENS[4] },
    { min: 40, lt: 60, label: "40–60%", color: GREENS[3] },
    { min: 25, lt: 40, label: "25–40%", color: GREENS[2] },
    { gt: 0, lt: 25, label: "< 25%", color: GREENS[1] },
    { value: 0, label: "0", color: GREENS[0] },
  ],
  outOfRange: { color: "#fff" },
});

async function map(chart, { rows, words }, element) {
  const answer = await fetch(element.dataset.outlines, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`outlines: ${answer.status}`);
  const outlines = await answer.json();
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const drawn = outlines.features.filter((feature) => byCode.has(feature.properties.code));
  for (const feature of drawn) feature.properties.name = feature.properties.code;
  echarts.registerMap("places", { type: "FeatureCollection", features: drawn });
  const say = sentence(words);
  chart.setOption({
    textStyle,
    tooltip: tooltip((mark) => say(byCode.get(mark.name))),
    visualMap: bins(element.clientWidth < NARROW),
    series: [{
      type: "map",
      map: "places",
      top: 8,
      bottom: element.clientWidth < NARROW ? 36 : 8,
      left: element.clientWidth < NARROW ? 8 : 88,
      right: 8,
      preserveAspect: "contain",
      selectedMode: false,
      itemStyle: { borderColor: "#fff", borderWidth: 1.5 },
      labelLayout: { hideOverlap: true },
      emphasis: { itemStyle: { areaColor: "#f0c75e" }, label: { color: INK } },
      label: { show: true, formatter: (mark) => byCode.get(mark.name).name, fontSize: 11 },
      data: drawn.map((feature) => byCode.get(feature.properties.code)).map((row) => ({ name: row.code, value: row.share ?? -1, label: { color: ink(row) } })),
    }],
  });
  chart.on("click", (mark) => { if (byCode.get(mark.name)?.url) location.href = byCode.get(mark.name).url; });
}

function treemap(chart, { rows, words }) {
  const say = sentence(words);
  chart.setOption({
    textStyle,
    tooltip: tooltip((mark) => (mark.data?.row ? say(mark.data.row) : "")),
    visualMap: { ...bins(false), dimension: 1, show: false },
    series: [{
      type: "treemap",
      roam: false,
      nodeClick: false,
      breadcrumb: { show: false },
      left: 0, right: 0, top: 0, bottom: 0,
      itemStyle: { borderColor: "#fff", gapWidth: 2 },
      label: { fontSize: 12, overflow: "truncate", formatter: (mark) => `${mark.data.row.name}\n${mark.data.row.both}/${mark.data.row.denominator}` },
      data: rows.filter((row) => row.denominator > 0).map((row) => ({ name: row.name, value: [row.denominator, row.share ?? -1], row, label: { color: ink(row) } })),
    }],
  });
  chart.on("click", (mark) => { if (mark.data?.row?.url) location.href = mark.data.row.url; });
}

function curve(chart, { points, targets, words }) {
  const line = (name, key, color, more = {}) => ({
    name, type: "line", showSymbol: points.length < 3, color, connectNulls: false, data: points.map((point) => [point.on, point[key]]), ...more,
  });
  const reached = (target) => (points.find((point) => point.on >= target.due) ?? points.at(-1))?.both >= target.number;
  const goal = targets.map((target, i) => ({
    coord: [target.due, target.number],
    value: target.label,
    symbol: "diamond",
    symbolSize: 11,
    itemStyle: { color: BRICK },
    label: { show: true, position: i < targets.length - 1 ? "right" : "left", offset: i < targets.length - 1 ? [4, reached(target) ? 14 : -10] : [0, -10], formatter: target.label, color: BRICK, fontSize: 12, backgroundColor: "rgba(255,255,255,.85)" },
  }));
  chart.setOption({
    textStyle,
    tooltip: { ...tooltip(), trigger: "axis", formatter: undefined },
    legend: { top: 0, left: 0, itemWidth: 18, textStyle: { ...textStyle, fontSize: 12 } },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    xAxis: { type: "time", max: targets.at(-1)?.due, axisLabel: { color: SOFT, formatter: "{yyyy}-{MM}", hideOverlap: true }, axisLine: { lineStyle: { color: LINE } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: "#eceae4" } } },
    series: [
      line(words.both, "both", GREEN, { lineStyle: { width: 3 }, markPoint: { data: goal, silent: true } }),
      line(words.participating, "participating", "#7d7a72", { lineStyle: { type: "dashed", width: 1.5 } }),
      {
        name: words.target, type: "line", step: "end", color: BRICK, symbol: "none", lineStyle: { width: 1.5, type: "dotted" },
        data: targets.flatMap((target, i) => [[i ? targets[i - 1].due : (points[0]?.on ?? target.due), target.number], [target.due, target.number]]),
      },
    ],
  });
}

function gaps(chart, { rows, words }) {
  const bars = (key, itemStyle) => ({ name: words[key], type: "bar", stack: "communities", itemStyle, data: rows.map((row) => row[key]) });
  const hatch = { color: "#c9c4b8", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(0,0,0,.25)" } };
  chart.setOption({
    textStyle,
    tooltip: { ...tooltip(), trigger: "axis", axisPointer: { type: "shadow" }, formatter: undefined },
    legend: { top: 0, left: 0, itemWidth: 18, textStyle: { ...textStyle, fontSize: 12 } },
    grid: { left: 8, right: 24, top: 32, bottom: 8, containLabel: true },
    xAxis: { type: "value", minInterval: 1, axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: "#eceae4" } } },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row.name), axisLabel: { color: INK, fontSize: 12, interval: 0, width: 150, overflow: "truncate" }, axisTick: { show: false } },
    series: [bars("unmet", { color: BRICK }), bars("unknown", hatch)],
  });
}

const kinds = { map, treemap, curve, gaps };

for (const element of document.querySelectorAll("[data-chart]")) {
  const chart = echarts.init(element, null, { renderer: "canvas" });
  new ResizeObserver(() => chart.resize()).observe(element);
  Promise.resolve(kinds[element.dataset.chart](chart, read(element.dataset.figures), element)).catch(() => {
    chart.dispose();
    element.hidden = true;
    const table = element.closest("figure")?.querySelector("details");
    if (table) table.open = true;
  });
}
