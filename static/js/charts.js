// Charts beside tables: what a box says in data-chart is drawn; the table has the same figures for whoever cannot see it.
const COLOURS = ["#05803f", "#d98b00", "#2458b3"];
const ROW = 44, AROUND = 96, STANDING = 300, LONGEST_LABEL = 14;

for (const box of document.querySelectorAll("[data-chart]")) draw(box, JSON.parse(box.dataset.chart));

function draw(box, told) {
  const lies = told.kind === "bars";
  box.style.height = `${lies ? told.labels.length * ROW + AROUND : STANDING}px`;
  const names = { type: "category", data: told.labels, inverse: lies, axisLabel: { formatter: clip }, axisTick: { show: false } };
  const values = { type: "value", splitNumber: 3 };
  const chart = echarts.init(box);
  chart.setOption({
    color: COLOURS,
    animation: false,
    textStyle: { fontFamily: getComputedStyle(box).fontFamily },
    legend: { top: 0, left: 0 },
    grid: { left: 4, right: 24, top: 40, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", confine: true },
    xAxis: lies ? values : names,
    yAxis: lies ? names : values,
    series: told.series.map((one) => ({ type: "bar", name: one.name, data: one.values, barMaxWidth: 18 })),
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

function clip(label) {
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}…` : label;
}
