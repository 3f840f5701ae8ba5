/* The field of marks: which are visible, and how those that would hide each other are shown.
   Cities keep their place. Other marks closer than a few pixels become one round mark with their
   number: it fans out when they share a place, and zooms in when they do not. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const CROWDED = 16; // pixels between marks below which they become one
  const APART = 24; // pixels between neighbours in an open fan
  const BESIDE = [-13, -11]; // where one other mark stands when a city has the place
  const ROOM = 16; // pixels a round mark keeps from cities and from others
  const OFFSETS = [[0, 0], BESIDE, [-13, 11], [0, -18], [0, 18], [-18, 0], [13, -13], [13, 13], [-22, -16], [-22, 16], [0, -27], [0, 27], [-27, 0], [22, -20], [22, 20]];

  class Field {
    constructor(living) {
      this.living = living;
      this.marks = [];
      this.cities = [];
      this.cityAt = new Map();
      this.stacks = new Map();
      this.fanned = [];
      this.open = null;
      this.pinned = null;
      this.visible = null;
      living.map.createPane("gm-stacks").style.zIndex = "560";
      living.map.createPane("gm-legs").style.zIndex = "555";
      this.legs = L.layerGroup().addTo(living.map);
      living.map.on("zoomend viewreset", () => this.arrange());
    }

    add(mark, layer) {
      const { place, layer: kind } = mark.feature.properties;
      mark.geomapLayer = layer;
      (kind === "cities" ? this.cities : this.marks).push(mark);
      if (kind === "cities" && place) this.cityAt.set(place, mark);
    }

    /* Bit per site (least significant first in each byte) or null for all. */
    setVisible(bits) {
      this.visible = bits;
      this.arrange();
    }

    isVisible(mark) {
      return mark.geomapLayer.shown && this.isIn(mark.feature.properties.site);
    }

    isIn(site) {
      return !this.visible || ((this.visible[site >> 3] >> (site & 7)) & 1) === 1;
    }

    shown() {
      return [...this.cities, ...this.marks].filter((mark) => mark._map && !mark.hidden);
    }

    /* ------------------------------------------------ arranging */

    arrange() {
      if (!this.living.map) return;
      const towns = this.cities.filter((mark) => this.isVisible(mark));
      const radius = geomap.cityRadius(this.living.map.getZoom());
      for (const mark of this.cities) if (mark.options.radius !== radius) mark.setRadius(radius);
      this.alone = new Set(towns);
      this.taken = towns.map((mark) => this.living.map.latLngToLayerPoint(mark.getLatLng()));
      this.legs.clearLayers();
      const used = new Set();
      for (const group of this.groups()) this.showGroup(group, used);
      for (const mark of [...this.cities, ...this.marks]) mark.setHidden(!this.alone.has(mark));
      for (const key of [...this.stacks.keys()]) if (!used.has(key)) this.dropStack(key);
      this.living.unclutter();
    }

    /* Visible marks by place, those of crowded places put together. */
    groups() {
      const units = this.units();
      const free = units.filter((unit) => unit.place === this.open || unit.marks.includes(this.pinned));
      const rest = units.filter((unit) => !free.includes(unit));
      return [...free.map((unit) => [unit]), ...geomap.crowds(rest, CROWDED)];
    }

    units() {
      const units = new Map();
      for (const mark of this.marks) {
        if (!this.isVisible(mark)) continue;
        const { place, site } = mark.feature.properties;
        const key = place ? `p${place}` : `s${site}`;
        if (!units.has(key)) units.set(key, this.unit(mark, place));
        units.get(key).marks.push(mark);
      }
      return [...units.values()];
    }

    unit(mark, place) {
      const city = this.cityAt.get(place);
      const beside = Boolean(city && this.isVisible(city));
      const at = this.living.map.latLngToLayerPoint(mark.getLatLng());
      const [dx, dy] = beside ? BESIDE : [0, 0];
      return { place, beside, latlng: mark.getLatLng(), marks: [], x: at.x + dx, y: at.y + dy };
    }

    showGroup(group, used) {
      const [first] = group;
      const members = group.flatMap((unit) => unit.marks);
      if (members.length === 1) this.showOne(members[0], first);
      else if (group.length === 1 && first.place === this.open) this.fanOut(members);
      else used.add(this.showStack(group, members));
    }

    showOne(mark, { beside }) {
      const grown = beside ? mark.options.radius - geomap.RADII[0] : 0;
      mark.setOffset(beside ? BESIDE[0] - grown : 0, beside ? BESIDE[1] - grown : 0);
      this.alone.add(mark);
    }

    fanOut(marks) {
      const ring = geomap.fanPoints(marks.length, APART);
      marks.forEach((mark, i) => {
        mark.setOffset(...ring[i]);
        this.alone.add(mark);
        this.addLeg(mark);
      });
    }

    addLeg(mark) {
      this.legs.addLayer(new geomap.Leg(mark, { pane: "gm-legs", interactive: false, className: "gm-leg" }));
    }

    /* One round mark for several; returns its key. */
    showStack(group, members) {
      const key = members.map((mark) => mark.feature.properties.site).join();
      const middle = this.middle(group);
      if (!this.stacks.has(key)) {
        const stack = new geomap.Stack(middle, this.living, members, () => this.openGroup(group, members));
        this.stacks.set(key, stack.addTo(this.living.map));
      }
      const offset = this.roomFor(this.living.map.latLngToLayerPoint(middle));
      this.stacks.get(key).stand(offset);
      return key;
    }

    middle(group) {
      const mean = (name) => group.reduce((sum, unit) => sum + this.living.map.latLngToLayerPoint(unit.latlng)[name], 0) / group.length;
      return this.living.map.layerPointToLatLng([mean("x"), mean("y")]);
    }

    /* Where near a point a round mark hides no city and no other: the first free of a few offsets. */
    roomFor({ x, y }) {
      let best = [0, 0];
      let least = Infinity;
      for (const [dx, dy] of OFFSETS) {
        const hidden = this.taken.filter((t) => Math.hypot(t.x - x - dx, t.y - y - dy) < ROOM).length;
        const cost = 100 * hidden + Math.hypot(dx, dy);
        if (cost < least) [best, least] = [[dx, dy], cost];
      }
      this.taken.push({ x: x + best[0], y: y + best[1] });
      return best;
    }

    dropStack(key) {
      this.stacks.get(key).remove();
      this.stacks.delete(key);
    }

    /* ------------------------------------------------ opening and closing */

    openGroup(group, members) {
      if (group.length === 1) {
        this.openPlace(group[0].place);
        members[0].getElement().focus({ preventScroll: true });
        return;
      }
      const { living } = this;
      living.moved = true;
      living.root.focus({ preventScroll: true });
      const bounds = L.latLngBounds(members.map((mark) => mark.getLatLng()));
      living.map.flyToBounds(bounds.pad(0.2), { animate: !geomap.calm(), duration: 0.6 });
    }

    openPlace(place) {
      this.dropFan();
      this.open = place;
      this.arrange();
    }

    closePlace() {
      if (this.open === null && !this.fanned.length) return;
      this.dropFan();
      this.open = null;
      this.arrange();
    }

    /* Lets a chosen mark stand by itself, with its fan open where others share its place.
       Marks are arranged anew only when that shows something else. */
    pin(mark) {
      const other = mark && mark.feature.properties.layer !== "cities" && this.isVisible(mark) ? mark : null;
      const place = (other && other.feature.properties.place) || null;
      const opens = place !== this.open && (this.open !== null || (other && other.hidden));
      this.pinned = other;
      if (!opens && !(other && other.hidden)) return;
      this.open = place;
      this.arrange();
    }

    setLang() {
      for (const stack of this.stacks.values()) stack.name();
    }

    /* The nearest visible mark in the direction of an arrow key. */
    neighbour(mark, direction) {
      const at = (one) => ({ mark: one, ...this.living.pixel(one) });
      const others = [...this.shown(), ...this.fanned].filter((one) => one !== mark).map(at);
      const next = geomap.inDirection(this.living.pixel(mark), others, direction);
      return next && next.mark;
    }

    /* Opens a fan of marks made for it alone, for sites that a canvas draws. */
    openFan(latlng, features) {
      this.closePlace();
      const ring = geomap.fanPoints(features.length, APART);
      this.fanned = features.map((feature, i) => {
        const mark = new geomap.Mark(feature, latlng, { pane: "gm-stacks", className: geomap.markClasses(feature.properties) });
        mark.setOffset(...ring[i]);
        geomap.adopt(this.living, mark);
        this.addLeg(mark);
        return mark.addTo(this.living.map);
      });
      this.fanned[0].getElement().focus({ preventScroll: true });
    }

    dropFan() {
      for (const mark of this.fanned) mark.remove();
      this.fanned = [];
    }
  }

  /* Puts {x, y} that are nearer than `reach` together, largest groups of marks first. */
  geomap.crowds = function (units, reach) {
    const crowds = [];
    for (const unit of [...units].sort((a, b) => b.marks.length - a.marks.length)) {
      const near = crowds.find(([head]) => Math.hypot(head.x - unit.x, head.y - unit.y) < reach);
      if (near) near.push(unit);
      else crowds.push([unit]);
    }
    return crowds;
  };

  /* Offsets of n marks in rings around their place: six in the first ring, twelve in the next. */
  geomap.fanPoints = function (n, apart) {
    const points = [];
    for (let ring = 1; points.length < n; ring += 1) {
      const here = Math.min(6 * ring, n - points.length);
      const reach = 1.1 * apart * ring;
      for (let i = 0; i < here; i += 1) {
        const angle = (2 * Math.PI * i) / here - Math.PI / 2;
        points.push([Math.round(reach * Math.cos(angle)), Math.round(reach * Math.sin(angle))]);
      }
    }
    return points;
  };

  geomap.Field = Field;
})(window);
