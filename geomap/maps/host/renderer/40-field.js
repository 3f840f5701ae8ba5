/* The field of marks: which are visible, and how those at one place stand beside each other. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const APART = 24; // pixels between neighbours in an open fan

  class Field {
    constructor(living) {
      this.living = living;
      this.marks = [];
      this.places = new Map();
      this.stacks = new Map();
      this.open = null;
      this.fanned = [];
      this.visible = null;
      living.map.createPane("gm-stacks").style.zIndex = "560";
      living.map.createPane("gm-legs").style.zIndex = "555";
      this.legs = L.layerGroup().addTo(living.map);
    }

    add(mark, layer) {
      const { place } = mark.feature.properties;
      mark.geomapLayer = layer;
      this.marks.push(mark);
      if (!place) return;
      if (!this.places.has(place)) this.places.set(place, []);
      this.places.get(place).push(mark);
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

    isSiteOn(site, layer) {
      return this.isIn(site) && this.living.switchesOn().includes(layer);
    }

    shown() {
      return this.marks.filter((mark) => this.isVisible(mark) && !mark.hidden);
    }

    arrange() {
      for (const mark of this.marks) {
        if (!mark.feature.properties.place) mark.setHidden(!this.isVisible(mark));
      }
      for (const [place, marks] of this.places) this.arrangePlace(place, marks);
      this.living.unclutter();
    }

    /* A city keeps its place; one other mark stands beside it, several become one that opens. */
    arrangePlace(place, marks) {
      for (const mark of marks) mark.setHidden(!this.isVisible(mark));
      const seen = marks.filter((mark) => this.isVisible(mark));
      const centre = seen.find((mark) => mark.feature.properties.layer === "cities");
      const others = seen.filter((mark) => mark !== centre);
      if (centre) centre.setOffset(0, 0);
      if (others.length < 2) return this.placeOne(place, others[0], centre);
      if (this.open === place) return this.fanOut(place, others);
      return this.close(place, others, centre);
    }

    placeOne(place, mark, centre) {
      this.dropStack(place);
      if (!mark) return;
      const beside = centre ? 4 + geomap.CITY_RADIUS + mark.options.radius : 0;
      mark.setOffset(Math.round(beside * 0.8), Math.round(-beside * 0.6));
    }

    close(place, others, centre) {
      for (const mark of others) mark.setHidden(true);
      const stack = this.stackOf(place, others[0].getLatLng());
      stack.count(others.length, Boolean(centre));
    }

    fanOut(place, others) {
      this.dropStack(place);
      this.legs.clearLayers();
      const rings = geomap.fanPoints(others.length, APART);
      others.forEach((mark, i) => {
        mark.setOffset(rings[i][0], rings[i][1]);
        this.legs.addLayer(new geomap.Leg(mark, { pane: "gm-legs", interactive: false, className: "gm-leg" }));
      });
    }

    stackOf(place, latlng) {
      if (!this.stacks.has(place)) {
        const stack = new geomap.Stack(latlng, this.living, () => this.openPlace(place, true));
        this.stacks.set(place, stack.addTo(this.living.map));
      }
      return this.stacks.get(place);
    }

    dropStack(place) {
      if (!this.stacks.has(place)) return;
      this.stacks.get(place).remove();
      this.stacks.delete(place);
    }

    /* Opens the fan of a place; `focus` hands the keyboard to its first mark. */
    openPlace(place, focus) {
      if (this.open === place) return;
      this.closePlace();
      this.open = place;
      this.arrangePlace(place, this.places.get(place) || []);
      if (!focus) return;
      const first = this.places.get(place).find((mark) => this.isVisible(mark) && mark.offset.distanceTo([0, 0]) > 0);
      if (first) first.getElement().focus({ preventScroll: true });
    }

    closePlace() {
      this.dropFan();
      if (this.open === null) {
        this.legs.clearLayers();
        return;
      }
      const place = this.open;
      this.open = null;
      this.legs.clearLayers();
      this.arrangePlace(place, this.places.get(place) || []);
    }

    /* Shows a chosen mark even when it stands in a closed stack. */
    reveal(mark) {
      const { place } = mark.feature.properties;
      if (place && mark.hidden && this.isVisible(mark)) this.openPlace(place, false);
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
      const rings = geomap.fanPoints(features.length, APART);
      this.fanned = features.map((feature, i) => {
        const mark = new geomap.Mark(feature, latlng, { pane: "gm-stacks", className: geomap.markClasses(feature.properties) });
        mark.setOffset(...rings[i]);
        geomap.adopt(this.living, mark);
        this.legs.addLayer(new geomap.Leg(mark, { pane: "gm-legs", interactive: false, className: "gm-leg" }));
        return mark.addTo(this.living.map);
      });
      this.fanned[0].getElement().focus({ preventScroll: true });
    }

    dropFan() {
      for (const mark of this.fanned) mark.remove();
      this.fanned = [];
    }
  }

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

  /* The line from a fanned mark back to its true place. */
  geomap.Leg = L.CircleMarker.extend({
    initialize(mark, options) {
      L.CircleMarker.prototype.initialize.call(this, mark.getLatLng(), { ...options, radius: 1 });
      this.end = mark.offset;
    },

    _updatePath() {
      const { x, y } = this._point;
      this._renderer._setPath(this, `M${x} ${y}l${this.end.x} ${this.end.y}`);
    },
  });

  /* One button for several marks at a place. */
  geomap.Stack = L.Marker.extend({
    initialize(latlng, living, open) {
      this.living = living;
      this.face = geomap.element("span", { class: "gm-stack" });
      const icon = L.divIcon({ html: this.face, className: "gm-stack-anchor", iconSize: null });
      L.Marker.prototype.initialize.call(this, latlng, { icon, pane: "gm-stacks", keyboard: true });
      this.on("click", open);
      this.on("add", () => this.equip(open));
    },

    equip(open) {
      this.name();
      this.getElement().addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        open();
      });
    },

    count(many, beside) {
      this.many = many;
      this.face.textContent = String(many);
      this.face.classList.toggle("gm-beside", beside);
      this.name();
    },

    name() {
      const icon = this.getElement();
      if (icon) icon.setAttribute("aria-label", this.living.say("map.stack", { count: this.many }));
    },
  });

  geomap.Field = Field;
})(window);
