/* Entry of the Streamlit component: loads the renderer once, then keeps the hosted map informed. */

const hosts = new WeakMap();
const scripts = new Map();

function loadScript(url) {
  if (!scripts.has(url)) {
    scripts.set(url, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.async = false;
      script.onload = resolve;
      script.onerror = () => {
        scripts.delete(url);
        script.remove();
        reject(new Error(`could not load ${url}`));
      };
      document.head.append(script);
    }));
  }
  return scripts.get(url);
}

/* A map must not be built before its style: it would measure itself wrongly. */
function loadStyle(url) {
  if (!scripts.has(url)) {
    scripts.set(url, new Promise((resolve) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = url;
      link.onload = link.onerror = resolve;
      document.head.append(link);
    }));
  }
  return scripts.get(url);
}

/* Starts reading a data file before the scripts that need it have arrived. */
function preload(url) {
  if (document.querySelector(`link[data-geomap="${url}"]`)) return;
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "fetch";
  link.crossOrigin = "anonymous";
  link.href = url;
  link.dataset.geomap = url;
  document.head.append(link);
}

/* Streamlit calls this at every change of data; the map itself is built once. */
export default function (component) {
  const { parentElement, data } = component;
  let host = hosts.get(parentElement);
  if (!host) {
    host = { latest: null, running: null };
    hosts.set(parentElement, host);
  }
  host.latest = component;
  for (const url of data.data) preload(data.base + url);
  host.running = (host.running || Promise.resolve()).then(() => advance(host));
  host.running.catch((error) => {
    host.running = null;
    console.error(error);
    if (!host.stage) parentElement.textContent = data.failed;
  });
  return () => leave(parentElement, host);
}

async function advance(host) {
  const { data, parentElement } = host.latest;
  await Promise.all([
    ...data.styles.map((url) => loadStyle(data.base + url)),
    ...data.scripts.map((url) => loadScript(data.base + url)),
  ]);
  const geomap = window.geomap;
  await geomap.host(host, parentElement, data, {
    loadScript,
    tell: (name, value) => host.latest.setTriggerValue(name, value),
    ready: () => data.tell_ready && host.latest.setTriggerValue("ready", { hash: data.map.hash }),
  });
}

/* Streamlit calls this when the map leaves the page, but also for every call that new data overtook
   while it was under way: then the map is still in the page, and stays. */
function leave(parentElement, host) {
  if (parentElement.isConnected) return;
  hosts.delete(parentElement);
  if (host.stage) host.stage.leave();
}
