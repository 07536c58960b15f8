// Three helpers that keep the other modules short.

export const byId = (id) => document.getElementById(id);

// An element with properties and children; text is never read as HTML.
export function make(tag, properties = {}, ...children) {
  const { data, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, data);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

let hiding;

// Tell in a line at the bottom why something did not work.
export function toast(sentence) {
  const node = byId("toast");
  node.textContent = sentence;
  node.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (node.hidden = true), 4000);
}
