// What if: each result was worked out beforehand. This looks its texts up and draws them; it computes no statistic.
for (const panel of document.querySelectorAll(".what-if")) {
  const data = JSON.parse(panel.querySelector(".what-if-data").textContent);
  const find = (name) => panel.querySelector(name);
  const boxes = [...panel.querySelectorAll("input")];
  const [estimator, interval] = [find(".estimator"), find(".interval")];
  const all = 2 ** boxes.length - 1;
  const columns = data.columns.map((column) => column.split(";"));
  const absent = "\u2013";
  const space = find("svg").namespaceURI;

  // The numbers of a printed text, so that they can be drawn: "0.54 (0.35 to 0.84)".
  const numbers = (text) => (text.match(/\u2212?[\d,]+(?:[.\u00b7]\d+)?/g) ?? [])
    .map((part) => Number(part.replace("\u2212", "-").replace("\u00b7", ".").replaceAll(",", "")));
  const share = (place) => (100 * (place - data.axis.low)) / (data.axis.high - data.axis.low);
  const place = (number) => Math.min(Math.max(share(data.axis.log ? Math.log(number) : number), 0), 100);

  const draw = (parent, name, attributes) => {
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  };
  const begin = (svg) => {
    svg.replaceChildren();
    if (data.axis.null !== null) {
      const x = `${share(data.axis.null)}%`;
      draw(svg, "line", { x1: x, x2: x, y1: "0", y2: "100%", class: "null" });
    }
  };
  const drawStudy = (svg, texts) => {
    begin(svg);
    texts.forEach((text, row) => {
      const [estimate, low = estimate, high = estimate] = numbers(text);
      if (estimate === undefined) return;
      const y = `${(100 * (row + 1)) / (texts.length + 1)}%`;
      draw(svg, "line", { x1: `${place(low)}%`, x2: `${place(high)}%`, y1: y, y2: y });
      draw(svg, "rect", { x: `${place(estimate)}%`, y, width: 8, height: 8, transform: "translate(-4 -4)" });
    });
  };
  const drawDiamond = (svg, text) => {
    begin(svg);
    const [estimate, low = estimate, high = estimate] = numbers(text).map(place);
    if (estimate === undefined) return;
    const width = Math.max(high - low, 0.5);
    const middle = (100 * (estimate - low)) / width;
    const inner = draw(svg, "svg", { x: `${low}%`, y: "20%", width: `${width}%`, height: "60%", viewBox: "0 0 100 10", preserveAspectRatio: "none" });
    draw(inner, "polygon", { points: `0,5 ${middle},0 100,5 ${middle},10` });
  };
  const drawBar = (svg, text) => {
    begin(svg);
    const [low, high] = numbers(text).map(place);
    if (high !== undefined) draw(svg, "rect", { x: `${low}%`, y: "38%", width: `${high - low}%`, height: "24%" });
  };
  const drawAxis = (svg) => {
    svg.replaceChildren();
    draw(svg, "line", { x1: "0", x2: "100%", y1: 1, y2: 1 });
    for (const [value, label] of data.axis.ticks) {
      const x = `${share(value)}%`;
      draw(svg, "line", { x1: x, x2: x, y1: 1, y2: 5 });
      draw(svg, "text", { x, y: 18, "text-anchor": "middle" }).textContent = label;
    }
  };

  // A row beneath the studies: its name, its drawing and its text.
  const row = (parent, name, kind) => {
    const line = document.createElement("div");
    const [label, text] = [document.createElement("span"), document.createElement("span")];
    const svg = draw(line, "svg", { "aria-hidden": "true" });
    label.textContent = name;
    text.className = "value";
    line.className = kind;
    line.prepend(label);
    line.append(text);
    parent.append(line);
    return { svg, text };
  };
  const studies = boxes.map((box, index) => {
    const line = box.closest(".study");
    const svg = draw(line, "svg", { "aria-hidden": "true" });
    const text = document.createElement("span");
    text.className = "value";
    text.textContent = data.studies[index].effects.join("; ");
    line.append(text);
    drawStudy(svg, data.studies[index].effects);
    return line;
  });
  const pooled = find(".pooled");
  pooled.replaceChildren();
  const chosen = row(pooled, "This result", "chosen");
  const prediction = row(pooled, "Its prediction interval", "prediction");
  const main = row(pooled, "Main analysis", "main");
  drawAxis(row(pooled, "", "axis").svg);

  const option = (label, value) => new Option(label, value);
  const distinct = (values) => [...new Set(values)];
  const choicesOf = (name) => data.choices.filter((choice) => choice.estimator === name);
  estimator.append(...distinct(data.choices.map((choice) => choice.estimator)).map((name) => option(name, name)));
  const offerIntervals = () => {
    const before = interval.value;
    interval.replaceChildren(...choicesOf(estimator.value).map((choice) => option(choice.interval, choice.interval)));
    if (choicesOf(estimator.value).some((choice) => choice.interval === before)) interval.value = before;
    interval.disabled = interval.options.length < 2;
  };

  const lookUp = (choice, subset, name) => columns[choice[name]][subset - 1] || absent;
  const configuration = (choice, left) => [
    "analyses:",
    `  ${data.analysis}:`,
    ...(left.length ? ["    exclude:", ...left.map((study) => `      ${study.key}: ${data.reason}`)] : []),
    ...(choice === data.choices[0] ? [] : [choice.model ? `    model: ${choice.model}` : "    # the part `common` of the result file"]),
  ].join("\n");
  const show = () => {
    const subset = boxes.reduce((bits, box, index) => bits + (box.checked ? 2 ** index : 0), 0);
    const left = data.studies.filter((_, index) => !boxes[index].checked);
    const choice = choicesOf(estimator.value).find((each) => each.interval === interval.value);
    const estimate = subset ? lookUp(choice, subset, "line") : absent;
    const mainText = lookUp(data.choices[0], all, "line");
    const changes = [
      ...(left.length ? [`without ${left.map((study) => study.label).join(", ")}`] : []),
      ...(choice === data.choices[0] ? [] : [`${choice.label} in place of ${data.choices[0].label}`]),
    ];
    const texts = {
      change: changes.length
        ? `${changes.join("; ").replace(/^w/, "W")}. The main analysis gives ${data.measure} ${mainText}.`
        : `The main analysis: all studies, ${choice.label}.`,
      estimate,
      k: String(data.studies.reduce((sum, study, index) => sum + (boxes[index].checked ? study.effects.length : 0), 0)),
      ...Object.fromEntries(["prediction", "tau2", "I2"].map((name) => [name, subset ? lookUp(choice, subset, name) : absent])),
    };
    for (const [name, text] of Object.entries(texts)) find(`[role=status] .${name}`).textContent = text;
    studies.forEach((line, index) => line.classList.toggle("left-out", !boxes[index].checked));
    chosen.text.textContent = estimate;
    prediction.text.textContent = texts.prediction;
    main.text.textContent = mainText;
    drawDiamond(chosen.svg, estimate);
    drawBar(prediction.svg, texts.prediction);
    drawDiamond(main.svg, mainText);
    find(".lines").hidden = find(".buttons").hidden = !changes.length;
    find("pre").textContent = configuration(choice, left);
  };
  panel.addEventListener("change", (event) => {
    if (event.target === estimator) offerIntervals();
    show();
  });
  find(".copy").addEventListener("click", (event) => copyText(find("pre").textContent, event.currentTarget));
  find(".reset").addEventListener("click", () => {
    boxes.forEach((box) => { box.checked = true; });
    estimator.selectedIndex = 0;
    offerIntervals();
    interval.selectedIndex = 0;
    show();
    boxes[0].focus();
  });
  offerIntervals();
  show();
  panel.closest(".scripted").hidden = false;
}
