import wxmlParser from "@wxml/parser";
import wxml from "eslint-plugin-wxml";

const words = Object.fromEntries(
  ["wx", "App", "Page", "Component", "getApp", "getCurrentPages", "module", "require", "setTimeout", "clearTimeout"].map(
    (name) => [name, "readonly"],
  ),
);
const testWords = Object.fromEntries(
  ["jest", "describe", "test", "expect", "beforeAll", "beforeEach", "afterAll", "afterEach", "process", "global", "__dirname",
    "console", "document", "Buffer", "URL", "URLSearchParams"].map((name) => [name, "readonly"]),
);
const rules = {
  "no-undef": "error",
  "no-unused-vars": "error",
  "prefer-const": "error",
  "no-var": "error",
  eqeqeq: "error",
  complexity: ["error", 8],
  "max-lines": ["error", 300],
  "max-lines-per-function": ["error", 60],
  "max-params": ["error", 5],
  "no-else-return": "error",
  "object-shorthand": "error",
};

export default [
  { ignores: ["node_modules/**", "test/dump/**"] },
  {
    files: ["src/**/*.js"],
    languageOptions: { ecmaVersion: 2020, sourceType: "commonjs", globals: words },
    rules,
  },
  {
    files: ["test/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "commonjs", globals: { ...words, ...testWords } },
    rules: { ...rules, "max-lines-per-function": "off", "max-lines": ["error", 700] },
  },
  {
    files: ["src/**/*.wxml"],
    plugins: { wxml },
    languageOptions: { parser: wxmlParser },
    rules: {
      "wxml/report-wxml-syntax-error": "error",
      "wxml/report-interpolation-error": "error",
      "wxml/wx-key": "error",
      "wxml/no-vue-directive": "error",
      "wxml/no-duplicate-attributes": "error",
      "wxml/no-dynamic-wx-key": "error",
      "wxml/no-inconsistent-tagname": "error",
      "wxml/no-inline-wxs": "error",
      "wxml/no-unexpected-string-bool": "error",
      "wxml/no-wx-for-with-wx-if": "error",
      "wxml/no-wx-if-string": "error",
      "wxml/colon-style-event-binding": "error",
      "wxml/quotes": "error",
    },
  },
];
