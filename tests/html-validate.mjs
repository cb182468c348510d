// What html-validate says of all pages below the folders that are named. Its own command says the same, but resolves its
// rules and elements anew for every page; here that is done once.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { HtmlValidate, Reporter, StaticConfigLoader, formatterFactory } from "html-validate";

import settings from "./html-validate.config.mjs";

class OneConfig extends StaticConfigLoader {
  getConfigFor(page) {
    return (this.resolved ??= super.getConfigFor(page));
  }
}

const pagesBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".html"))
    .map((name) => join(folder, name));

const validator = new HtmlValidate(new OneConfig(settings));
const pages = process.argv.slice(2).flatMap(pagesBelow);
const { results } = Reporter.merge(pages.map((page) => validator.validateFileSync(page)));
process.stdout.write(formatterFactory("text")(results));
