// Curves as a picture (SVG): each in a frame of its own, both axes logarithmic, so that what is flat
// is level and what is linear rises by one for one.
const kWidth = 300, kHeight = 190, kLeft = 58, kBottom = 34, kTop = 26, kRight = 12;

const short = (n) => n >= 1e6 ? `${+(n / 1e6).toPrecision(3)} M` : n >= 1e3 ? `${+(n / 1e3).toPrecision(3)} k` : String(n);
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function frame({ title, unit, points }, x, y) {
  const xs = points.map(([at]) => Math.log10(at));
  const ys = points.map(([, cost]) => Math.log10(cost));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const bottom = Math.floor(Math.min(...ys)), top = Math.max(bottom + 2, Math.ceil(Math.max(...ys)));
  const px = (v) => kLeft + (v - left) / (right - left || 1) * (kWidth - kLeft - kRight);
  const py = (v) => kHeight - kBottom - (v - bottom) / (top - bottom) * (kHeight - kBottom - kTop);
  const lines = [];
  for (let v = bottom; v <= top; ++v) {
    lines.push(`<line x1="${kLeft}" x2="${kWidth - kRight}" y1="${py(v)}" y2="${py(v)}" class="grid"/>`,
      `<text x="${kLeft - 6}" y="${py(v) + 4}" text-anchor="end">${short(10 ** v)}</text>`);
  }
  points.forEach(([at], i) => lines.push(
    `<text x="${px(xs[i])}" y="${kHeight - kBottom + 16}" text-anchor="middle">${short(at)}</text>`));
  const path = points.map((_, i) => `${px(xs[i]).toFixed(1)},${py(ys[i]).toFixed(1)}`);
  return `<g transform="translate(${x} ${y})"><text x="${kLeft}" y="15" class="title">${escape(title)}</text>
${lines.join('\n')}
<polyline points="${path.join(' ')}" class="curve"/>
${path.map((at) => `<circle cx="${at.split(',')[0]}" cy="${at.split(',')[1]}" r="3" class="dot"/>`).join('')}
<text x="${kWidth - kRight}" y="${kHeight - 3}" text-anchor="end" class="unit">${escape(unit)}</text></g>`;
}

export function drawn(curves) {
  const columns = 2;
  const rows = Math.ceil(curves.length / columns);
  const frames = curves.map((curve, i) =>
    frame(curve, i % columns * kWidth, Math.floor(i / columns) * kHeight));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * kWidth} ${rows * kHeight}" font-family="system-ui, sans-serif" font-size="10">
<style>svg{background:#fff}text{fill:#444}.title{font-size:12px;font-weight:600;fill:#111}.unit{fill:#777}.grid{stroke:#ddd}.curve{fill:none;stroke:#1460aa;stroke-width:2}.dot{fill:#1460aa}</style>
${frames.join('\n')}
</svg>
`;
}
