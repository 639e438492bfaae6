// Names that would do something if they were taken for more than text: in accounts, tags, resources, services, file names and the address.
import { readFileSync, mkdtempSync, writeFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, expect, fixture, openPage, openServer, PATIENCE_MS } from "./world.mjs";

export const files = [];

const values = readFileSync(fixture("web/hostile-values.txt"), "utf8").split("\n").filter((line) => line && !line.startsWith("# "));
const quoted = (text) => `"${text.replace(/"/g, '""')}"`;

// A FOCUS export in which every name is one of the values.
function hostileBill() {
  const head = ["BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeDescription",
    "ChargePeriodEnd", "ChargePeriodStart", "EffectiveCost", "ListCost", "ProviderName", "PublisherName", "InvoiceIssuerName", "RegionId", "ResourceId", "ResourceName",
    "ServiceCategory", "ServiceName", "SkuId", "SubAccountId", "SubAccountName", "Tags"];
  const rows = values.flatMap((value, at) => [0, 1].map((day) => {
    const cost = `${at + 1}.${day + 1}0`;
    const date = (n) => `2026-08-${String(n).padStart(2, "0")}T00:00:00Z`;
    return [cost, "100000000001", "USD", "2026-09-01T00:00:00Z", "2026-08-01T00:00:00Z", "Usage", value, date(1 + day + 1), date(1 + day), cost, cost, "AWS", "AWS", "AWS",
      "us-east-1", `${value} ${at}`, value, "Compute", value, `SKU-${at}`, String(200000000000 + at), value, JSON.stringify({ team: value, [value]: value })].map(quoted).join(",");
  }));
  return [head.map(quoted).join(","), ...rows].join("\n") + "\n";
}

async function expectHarmless(page, where) {
  const found = await page.evaluate(() => {
    const marks = [...document.querySelectorAll("main *")].filter((element) => {
      const inline = element.tagName === "SCRIPT" || element.tagName === "IMG" || element.tagName === "IFRAME" || element.tagName === "OBJECT" || element.tagName === "BASE";
      const handler = [...element.attributes].some((attribute) => /^on/i.test(attribute.name));
      const link = element.tagName === "A" && !element.href.startsWith(location.origin) && !element.href.startsWith("blob:");
      return inline || handler || link;
    });
    return { marks: marks.map((element) => element.outerHTML.slice(0, 120)), ran: window.hostile === true, scripts: document.scripts.length };
  });
  expect(!found.ran, `${where}: a script ran`);
  expect(found.marks.length === 0, `${where}: ${found.marks.slice(0, 2).join(" ")}`);
}

export const tests = [
  ["hostile names are text on every page, and no request leaves", async ({ browser, program }) => {
    const folder = mkdtempSync(join(tmpdir(), "curlew-hostile-"));
    const file = join(folder, "bill.csv");
    writeFileSync(file, hostileBill());
    const server = await openServer(program);
    try {
      const { page, close } = await openPage(browser, server, { path: "/data" });
      await page.getByLabel("Files to bring in").setInputFiles([{ name: "<img src=x onerror=window.hostile=true>.csv", mimeType: "text/csv", buffer: readFileSync(file) }]);
      await page.locator(".upload-name", { hasText: "<img src=x" }).waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll("button")].some((one) => /^Import/.test(one.textContent) && !one.disabled));
      await page.getByRole("button", { name: /^Import/ }).click();
      await page.locator(".import-done").waitFor({ timeout: 2 * PATIENCE_MS });
      await expectHarmless(page, "data");
      for (const path of ["overview", "ask", "explore", "architecture", "owners", "data", "activity"]) {
        await page.goto(`${server.origin}/${path}`);
        await page.waitForTimeout(700);
        await expectHarmless(page, path);
      }
      await page.goto(`${server.origin}/ask`);
      for (const question of ["cost by account", "cost by service", "cost by team tag", "cost by resource", "cost per day by service", "top 5 descriptions"]) {
        const turn = await ask(page, question);
        await expectHarmless(page, question);
        const chart = turn.locator(".chart canvas");
        if (await chart.count()) {
          await chart.first().hover({ position: { x: 320, y: 60 } });
          await page.waitForTimeout(120);
          await expectHarmless(page, `the tooltip of ${question}`);
        }
      }
      const turn = await ask(page, "cost by service");
      // The rows of the least cost stand at the end, where the table is drawn only when it is scrolled to.
      const box = turn.locator(".table-box").first();
      await box.evaluate((element) => { element.scrollTop = element.scrollHeight; });
      await box.locator("td", { hasText: "<script>" }).first().waitFor();
      const shown = await box.textContent();
      expect(shown.includes("<script>window.hostile=true</script>"), "the name is shown as it is");
      await page.locator(".turn").last().locator(".cell-link").first().click();
      await page.waitForTimeout(500);
      await expectHarmless(page, "a member opened");
      await close();
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }],
  ["a hostile link is a question like any other", async ({ browser, program }) => {
    const server = await openServer(program, [fixture("cli/bill.csv")]);
    try {
      for (const text of ["<script>window.hostile=true</script>", "\"><img src=x onerror=window.hostile=true>", "javascript:window.hostile=true"]) {
        const { page, close } = await openPage(browser, server, { path: `/ask?q=${encodeURIComponent(text)}` });
        await page.locator(".declined, .failure").first().waitFor();
        await expectHarmless(page, text);
        await page.goto(`${server.origin}/explore?plan=${encodeURIComponent(JSON.stringify({ v: 1, intent: text, dataset: text, measures: [text], __proto__: { hostile: true } }))}`);
        await page.waitForTimeout(500);
        await expectHarmless(page, `plan ${text}`);
        await close();
      }
    } finally {
      await server.close();
    }
  }],
];
