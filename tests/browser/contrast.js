// Lists texts of the page whose contrast with what lies behind them is below 4.5 : 1.
() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (color, under) => {
    canvas.globalCompositeOperation = "copy";
    canvas.fillStyle = under ? `rgb(${under.join()})` : "transparent";
    canvas.fillRect(0, 0, 1, 1);
    canvas.globalCompositeOperation = "source-over";
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (c) => {
    const [r, g, b] = c.map((x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const ground = (node) => {
    const chain = [];
    for (let n = node; n; n = n.parentElement) chain.unshift(getComputedStyle(n).backgroundColor);
    return chain.reduce((under, color) => rgb(color, under), [255, 255, 255]);
  };
  const poor = [];
  for (const node of document.querySelectorAll(
    "p, li, th, td, dt, dd, h1, h2, h3, caption, small, a, code, summary, figcaption, .badge, .flip, .quiet"
  )) {
    if (!node.textContent.trim() || !node.getClientRects().length || node.closest(".skip")) continue;
    const back = ground(node);
    const value = ratio(rgb(getComputedStyle(node).color, back), back);
    if (value < 4.5) poor.push([node.className || node.tagName, node.textContent.slice(0, 30), value]);
  }
  for (const number of document.querySelectorAll(".heat .number")) {
    const cell = number.parentElement.querySelector("rect");
    const back = rgb(getComputedStyle(cell).fill, ground(number.ownerSVGElement));
    const value = ratio(rgb(getComputedStyle(number).fill, back), back);
    if (value < 4.5) poor.push(["cell", number.textContent, value]);
  }
  return poor;
}
