// solc's command line as far as development tools use it: `--version`, and `--standard-json` from
// stdin to stdout. Runs the compiler that npm delivers; started by scripts/solc.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

// The compiler talks to stdout now and then; only the answer belongs there.
console.log = console.error;

/** The values given for an option, whether as `--name value` or as `--name=value`. */
function optionValues(args, name) {
  return args.flatMap((arg, i) => {
    if (arg === name) return args.slice(i + 1, i + 2);
    return arg.startsWith(`${name}=`) ? [arg.slice(name.length + 1)] : [];
  });
}

/** An import callback that looks under the base path, then under each include path. */
function importer(args) {
  const [base = "."] = optionValues(args, "--base-path");
  const folders = [base, ...optionValues(args, "--include-path")];
  return (name) => {
    const file = folders.map((f) => path.resolve(f, name)).find((f) => fs.existsSync(f));
    return file ? { contents: fs.readFileSync(file, "utf8") } : { error: `${name} not found` };
  };
}

/** Node ids of builtins are negative; the wasm build writes them as unsigned 32-bit numbers. */
function signedIds(node) {
  if (typeof node === "number") return node > 0x7fffffff && node <= 0xffffffff ? node | 0 : node;
  if (node === null || typeof node !== "object") return node;
  for (const key of Object.keys(node)) node[key] = signedIds(node[key]);
  return node;
}

function compile(args) {
  const solc = require("solc");
  const input = fs.readFileSync(0, "utf8");
  const output = JSON.parse(solc.compile(input, { import: importer(args) }));
  for (const source of Object.values(output.sources ?? {})) signedIds(source.ast);
  return JSON.stringify(output);
}

function version() {
  const name = "solc, the solidity compiler commandline interface";
  return `${name}\nVersion: ${require("solc").version()}\n`;
}

function main(args) {
  if (args.includes("--version")) return version();
  if (args.includes("--standard-json")) return compile(args);
  console.error("usage: solc --version | --standard-json [--base-path DIR] [--include-path DIR]…");
  process.exitCode = 2;
  return "";
}

process.stdout.write(main(process.argv.slice(2)));
