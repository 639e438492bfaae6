// How to get data out of AWS: ready Athena queries.

import { call } from "../api.ts";
import { Icon } from "../components/icon.tsx";
import { copyText, useLoaded } from "../components/parts.tsx";
import { useStore } from "../store.ts";

const CUR2 = `SELECT *
FROM "your_database"."your_cur2_table"
WHERE billing_period = '2026-09'`;

const CUR_LEGACY = `SELECT *
FROM "your_database"."your_cur_table"
WHERE year = '2026' AND month = '9'`;

interface AthenaQuery {
    topic: string;
    sql: string;
}

export function AthenaGuide() {
    const operation = useStore((state) => state.operations.find((have) => have.name === "athena-sql"));
    const topics = operation?.arguments.find((argument) => argument.name === "topic")?.choices ?? [];
    return (
        <section class="panel guide" aria-labelledby="guide">
            <h2 id="guide">Getting a bill out of AWS</h2>
            <ol class="steps">
                <li><strong>From S3:</strong> a Data Export (CUR 2.0 or FOCUS 1.2) or a Cost and Usage Report is a folder of Parquet or CSV files. Copy it with <code>aws s3 sync</code> and drop the files above.</li>
                <li><strong>From Athena:</strong> run one of these queries, then download the result as CSV. All columns are best: what is left out cannot be asked about.</li>
                <li><strong>From the console:</strong> any CSV of Cost Explorer or of Billing can be asked too, as a table of its own.</li>
            </ol>
            <Query title="CUR 2.0 or a FOCUS export, one month" sql={CUR2} />
            <Query title="Legacy Cost and Usage Report, one month" sql={CUR_LEGACY} />
            {topics.map((topic) => <Topic topic={topic} />)}
        </section>
    );
}

/** A query that the server writes: what one page needs of a bill, for those who can only run Athena. */
function Topic({ topic }: { topic: string }) {
    const [loaded] = useLoaded((signal) => call<AthenaQuery>("athena-sql", { topic }, signal), [topic]);
    return loaded.state === "ready" ? <Query title={`Only what the ${topic} page needs (CUR 2.0)`} sql={loaded.value.sql} /> : null;
}

function Query({ title, sql }: { title: string; sql: string }) {
    return (
        <details>
            <summary>{title}</summary>
            <pre class="sql-text" tabIndex={0}><code>{sql}</code></pre>
            <button type="button" class="button small" onClick={() => void copyText(sql, "Query")}><Icon name="copy" size={15} />Copy</button>
        </details>
    );
}
