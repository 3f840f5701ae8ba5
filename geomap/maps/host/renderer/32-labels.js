/* Names on the map: each finds a free spot beside its place, clear of marks and of other names. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const GAP = 4; // pixels between a place and its name
  const LONGEST = 40; // letters of a name
  const BEYOND = 13; // more of them where a large mark stands around the place
  const TIGHT = 2; // pixels by which boxes may touch: letters do not fill theirs
  const CELL = 64; // pixels of the grid that boxes are looked up in
  const FAR_ZOOM = 6.5; // below it large units are named first, above it members of a corridor

  /* A name as it is written on the map, without its level; the whole of it stands in the details. */
  function shortName(named, lang) {
    const name = geomap.nameOf(named, lang).replace(/ (District|County|City)$/, "");
    return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`;
  }

  class Labels extends geomap.DataLayer {
    draw(body) {
      this.labels = body.features.map((feature) => this.label(feature));
      for (const label of this.labels) this.group.addLayer(label);
    }

    label(feature) {
      const [lon, lat] = feature.geometry.coordinates;
      const text = geomap.element("span", { class: `gm-label gm-${this.spec.id}`, dir: "auto" });
      const icon = L.divIcon({ html: text, className: "gm-label-anchor", iconSize: null });
      const label = L.marker([lat, lon], { icon, pane: this.pane, interactive: false, keyboard: false });
      label.text = text;
      label.named = feature.properties;
      text.textContent = shortName(feature.properties, this.living.lang);
      return label;
    }

    setLang(lang) {
      for (const label of this.labels || []) label.text.textContent = shortName(label.named, lang);
      this.living.unclutter();
    }

    setVisible() {}

    show(on) {
      return super.show(on).then(() => this.living.unclutter());
    }
  }

  /* Places the names of layers given from back to front; the front ones choose first. A name
     without a free spot is left out until there is room. Sizes are read in one go: reading
     between changes is slow. */
  geomap.unclutter = function (living, layers) {
    const labels = [...layers].reverse().flatMap((layer) => inTurn(layer.labels || [], living.map.getZoom()));
    measure(labels);
    const taken = new Boxes(obstacles(living));
    const said = new Set();
    const spots = labels.map((label) => {
      const name = label.text.textContent.replace(/市$/, ""); // a municipality is city and province
      const spot = said.has(name) || isOff(living, label) ? null : findSpot(living, label, taken);
      if (spot) said.add(name);
      return spot;
    });
    labels.forEach((label, i) => put(living, label, spots[i]));
  };

  function inTurn(labels, zoom) {
    if (zoom >= FAR_ZOOM) return labels;
    return [...labels].sort((a, b) => (a.named.rank || 0) - (b.named.rank || 0));
  }

  /* Names of cities go with their layer; a city that a filter hides is still named as a place. */
  const isOff = (living, { named }) => named.site !== undefined && !named.faint && !living.switchesOn().includes("cities");

  function measure(labels) {
    const unknown = labels.filter((label) => label.measured !== label.text.textContent);
    for (const { text } of unknown) text.classList.remove("gm-away");
    for (const label of unknown) {
      label.size = [label.text.offsetWidth, label.text.offsetHeight];
      if (label.size[0]) label.measured = label.text.textContent;
    }
  }

  function put(living, { text, named }, spot) {
    text.classList.toggle("gm-away", !spot);
    if (!spot) return;
    text.style.transform = `translate(${spot.dx}px, ${spot.dy}px)`;
    const hidden = named.faint || (named.site !== undefined && !living.field.isIn(named.site));
    text.classList.toggle("gm-faint", Boolean(hidden));
  }

  /* The first offset of a name's upper left corner at which it hides nothing and is not cut by the
     map's edge; beyond the edge names wait to be dragged into view. */
  function findSpot(living, label, taken) {
    const { x, y } = living.map.latLngToLayerPoint(label.getLatLng());
    const [wide, high] = label.size;
    const offsets = label.named.rank === undefined ? around(wide, high) : beside(wide, high, geomap.cityRadius(living.map.getZoom()) + GAP);
    const boxes = offsets.map(([dx, dy]) => ({ dx, dy, left: x + dx, top: y + dy, right: x + dx + wide, bottom: y + dy + high }));
    const free = boxes.filter((box) => !taken.meets(box));
    const seen = living.map.getBounds().contains(label.getLatLng());
    const spot = (seen ? free.find((box) => !isCut(living, box)) : free[0]) || null;
    if (spot) taken.add(spot);
    return spot;
  }

  /* Where a cartographer puts the name of a point, best first; last beyond a large mark there. */
  const beside = (wide, high, r) => [
    [r, -high / 2], [-r - wide, -high / 2],
    [r - 2, -high + 1], [r - 2, -1], [-r - wide + 2, -high + 1], [-r - wide + 2, -1],
    [-wide / 2, -r - high + 3], [-wide / 2, r - 3],
    [r + BEYOND, -high / 2], [-wide / 2, r + BEYOND - 3], [-r - wide - BEYOND, -high / 2],
  ];

  /* And the name of an area: near its middle. */
  const around = (wide, high) =>
    [[0, 0], [0, -1], [0, 1], [-0.6, 0], [0.6, 0], [0, -2], [0, 2], [-0.6, -1.5], [0.6, 1.5], [0.6, -1.5], [-0.6, 1.5]]
      .map(([right, down]) => [-wide / 2 + right * wide, -high / 2 + down * high]);

  /* True when the map's edge would cut a box. */
  function isCut({ map }, { left, right, top, bottom }) {
    const size = map.getSize();
    const a = map.layerPointToContainerPoint([left, top]);
    const b = map.layerPointToContainerPoint([right, bottom]);
    return a.x < 0 || a.y < 0 || b.x > size.x || b.y > size.y;
  }

  /* The boxes of buttons, scale and legend that lie on the map. */
  function controls({ map, root }) {
    const frame = root.getBoundingClientRect();
    const shown = [...root.querySelectorAll(".leaflet-control")].map((one) => one.getBoundingClientRect());
    return shown.filter(({ width }) => width).map((box) => {
      const { x, y } = map.containerPointToLayerPoint([box.left - frame.left, box.top - frame.top]);
      return { left: x, right: x + box.width, top: y, bottom: y + box.height };
    });
  }

  /* What names keep clear of: marks, round marks, what a canvas draws, and controls. */
  function obstacles(living) {
    const round = (x, y, r) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r });
    const marks = living.field.shown().map((mark) => {
      const { x, y } = living.pixel(mark);
      return geomap.markBox(mark.feature.properties.layer, x, y, mark.options.radius);
    });
    const stacks = [...living.field.stacks.values()].map((stack) => {
      const { x, y } = living.pixel(stack);
      return round(x, y, stack.radius);
    });
    const items = living.points ? living.points.items.map(({ x, y, r }) => round(x, y, r)) : [];
    return [...marks, ...stacks, ...items, ...controls(living)];
  }

  /* Boxes by the cells of a grid they lie in. */
  class Boxes {
    constructor(boxes) {
      this.cells = new Map();
      for (const box of boxes) this.add(box);
    }

    keys({ left, right, top, bottom }) {
      const keys = [];
      for (let i = Math.floor(left / CELL); i <= Math.floor(right / CELL); i += 1) {
        for (let j = Math.floor(top / CELL); j <= Math.floor(bottom / CELL); j += 1) keys.push(`${i},${j}`);
      }
      return keys;
    }

    add(box) {
      for (const key of this.keys(box)) {
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push(box);
      }
    }

    meets(box) {
      const touches = (t) => t.left + TIGHT < box.right && box.left + TIGHT < t.right && t.top + TIGHT < box.bottom && box.top + TIGHT < t.bottom;
      return this.keys(box).some((key) => (this.cells.get(key) || []).some(touches));
    }
  }

  geomap.drawn.labels = Labels;
})(window);
