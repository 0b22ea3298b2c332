// The chain as data: where its nodes sit, what a new one looks like, values under a path.

// Can it be drawn at all? What is wrong with it beyond that, the server says.
const isItem = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isList = (value, isPart) => Array.isArray(value) && value.every(isPart);
const isNode = (node) => isItem(node) && isList(node.approvers ?? [], isItem) && isList(node.when ?? [], (group) => isList(group, isItem))
  && isList(node.branches ?? [], (branch) => isList(branch, isNode)) && (node.kind !== "parallel" || Boolean(node.branches));
export const isSound = (chain) => isItem(chain) && isList(chain.nodes, isNode);

// Every node in reading order with the list it sits in; `place` is how the server names it.
export function seats(chain) {
  return chain.nodes.flatMap((node, index) => [
    { node, list: chain.nodes, index, parent: null, branch: null, place: `nodes.${index}` },
    ...(node.branches ?? []).flatMap((list, branch) => list.map((inner, at) => (
      { node: inner, list, index: at, parent: node, branch, place: `nodes.${index}.branches.${branch}.${at}` }
    ))),
  ]);
}

export const seatOf = (chain, node) => seats(chain).find((one) => one.node === node) ?? null;

const asking = () => ({ approvers: [{ kind: "superior" }] });
export const STARTS = {
  approve: asking,
  copy: () => ({ kind: "copy", approvers: [{ kind: "role", role: "hr" }] }),
  auto: () => ({ kind: "auto", test: "", reason: "" }),
  parallel: () => ({ kind: "parallel", branches: [[{ name: "审批一", ...asking() }], [{ name: "审批二", ...asking() }]] }),
};

export function fresh(kind, state) {
  const names = new Set(seats(state.chain).map((one) => one.node.name)), title = state.words.nodes[kind];
  const name = [title, ...Array.from({ length: 200 }, (_, number) => `${title} ${number + 2}`)].find((one) => !names.has(one));
  return { name, ...STARTS[kind]() };
}

// Another kind of node keeps its name and its conditions.
export function become(node, kind) {
  const { name, when, condition } = node;
  for (const key of Object.keys(node)) delete node[key];
  Object.assign(node, { name, ...STARTS[kind]() }, when && { when }, condition && { condition });
}

// What goes without saying; it is left out of the JSON.
export const USUAL = {
  kind: "approve", mode: "or_sign", level: 1, weight: 1, most: 1, fallback: "hr",
  "policies.vacant": "go_up", "policies.own": "go_up", "policies.departed": "go_up", "policies.absent": "stand_in", "policies.repeated": "skip",
};

export function get(item, path) {
  const found = path.split(".").reduce((value, key) => value?.[key], item);
  return found ?? USUAL[path] ?? "";
}

export function put(item, path, value) {
  const keys = path.split("."), last = keys.pop();
  const holder = keys.reduce((value_, key) => (value_[key] ??= {}), item);
  if (value === "" || value === null || value === USUAL[path]) delete holder[last]; else holder[last] = value;
  if (keys.length && !Object.keys(holder).length) delete item[keys[0]];
}
