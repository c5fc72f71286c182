// Makes events.ts from the published JSON Schemas: `npm run types`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const schemas = new URL("../../schemas/", import.meta.url);
const words = (name) => name.split(/[.-]/).map((word) => word[0].toUpperCase() + word.slice(1)).join("");
const parts = new Map();
const events = [];

for (const file of readdirSync(schemas).filter((name) => name.startsWith("london.")).sort()) {
  const type = file.replace(/\.json$/, "");
  const schema = JSON.parse(readFileSync(new URL(file, schemas), "utf8"));
  if (schema.type === "null") {
    events.push([type, "null"]);
    continue;
  }
  for (const [name, part] of Object.entries(schema.$defs ?? {})) parts.set(name, part);
  const { $id, $defs, ...own } = schema;
  const name = words(type.replace(/^london\.loti\./, ""));
  parts.set(name, { ...own, title: name });
  events.push([type, name]);
}

// One document, so that what several events carry has one type. Titles of fields would become types of their own.
const bare = (node, top) => {
  if (Array.isArray(node)) return node.map((one) => bare(one, false));
  if (node === null || typeof node !== "object") return node;
  const found = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "title" && typeof value === "string" && !top) continue;
    found[key] = key === "properties"
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bare(one, false)]))
      : bare(value, false);
  }
  return found;
};
const document = {
  title: "Everything",
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries([...parts.keys()].map((name) => [name, { $ref: `#/$defs/${name}` }])),
  $defs: Object.fromEntries([...parts].map(([name, part]) => [name, { ...bare(part, true), title: name }])),
};
const types = await compile(document, "Everything", {
  additionalProperties: true,
  bannerComment: "// Made by make-types.mjs from the published JSON Schemas. Do not edit.",
  unreachableDefinitions: false,
});
const map = events.map(([type, name]) => `  "${type}": ${name};`).join("\n");
const body = types.replace(/export interface Everything \{[\s\S]*?\n\}\n/, "");
writeFileSync(
  new URL("events.ts", import.meta.url),
  `${body}\n/** What each type of event carries; null where the message is a tombstone. */\nexport interface Events {\n${map}\n}\n`,
);
console.log(`${events.length} events`);
