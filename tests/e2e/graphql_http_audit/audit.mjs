// Holds a GraphQL server to the GraphQL over HTTP specification: `node audit.mjs URL`. Fails on anything but "ok".
import { serverAudits } from "graphql-http";

const url = process.argv[2];
if (!url) {
  console.error("usage: node audit.mjs URL");
  process.exit(2);
}

const audits = serverAudits({ url });
const counts = { ok: 0, warn: 0, error: 0 };
for (const audit of audits) {
  const result = await audit.fn();
  counts[result.status] += 1;
  if (result.status !== "ok") {
    console.error(`${result.status}: ${audit.id} ${audit.name}\n  ${result.reason}`);
  }
}
console.log(JSON.stringify({ total: audits.length, ...counts }));
process.exit(counts.ok === audits.length ? 0 : 1);
