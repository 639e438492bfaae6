// How to get data out of AWS: ready Athena queries, made by the server where it can.

import { call } from "../api.ts";
import { Icon } from "../components/icon.tsx";
import { copyText, useLoaded } from "../components/parts.tsx";
import { hasOperation } from "../store.ts";

const CUR2 = `SELECT *
FROM "your_database"."your_cur2_table"
WHERE billing_period = '2026-09'`;

const CUR_LEGACY = `SELECT *
FROM "your_database"."your_cur_table"
WHERE year = '2026' AND month = '9'`;

interface AthenaQuery {
    title?: string;
    name?: string;
    sql: string;
}

export function AthenaGuide() {
    return (
        <section class="panel guide" aria-labelledby="guide">
            <h2 id="guide">Getting a bill out of AWS</h2>
            <ol class="steps">
                <li><strong>From S3:</strong> a Data Export (CUR 2.0 or FOCUS 1.2) or a Cost and Usage Report is a folder of Parquet or CSV files. Copy it with <code>aws s3 sync</code> and drop the files above.</li>
                <li><strong>From Athena:</strong> run one of these queries, then download the result as CSV. All columns are best: what is left out cannot be asked about.</li>
                <li><strong>From the console:</strong> any CSV of Cost Explorer or of Billing can be asked too, as a table of its own.</li>
            </ol>
            {hasOperation("athena-sql") ? <FromServer /> : <>
                <Query title="CUR 2.0 or a FOCUS export, one month" sql={CUR2} />
                <Query title="Legacy Cost and Usage Report, one month" sql={CUR_LEGACY} />
            </>}
        </section>
    );
}

function FromServer() {
    const [loaded] = useLoaded((signal) => call<{ queries: AthenaQuery[] }>("athena-sql", {}, signal), []);
    if (loaded.state !== "ready") return null;
    return <>{loaded.value.queries.map((query) => <Query title={query.title ?? query.name ?? "Query"} sql={query.sql} />)}</>;
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
