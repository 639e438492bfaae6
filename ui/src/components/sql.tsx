// The SQL of an answer: shown, copied, edited and run through the guard.

import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { copyText } from "./parts.tsx";

const WORDS = /\b(SELECT|FROM|WHERE|GROUP BY|ORDER BY|LIMIT|WITH|AS|AND|OR|NOT|IN|IS|NULL|NULLS|LAST|FIRST|DESC|ASC|CASE|WHEN|THEN|ELSE|END|JOIN|LEFT|ON|USING|UNION|ALL|DISTINCT|HAVING|OVER|PARTITION BY|FILTER|BETWEEN|LIKE|CAST|DATE|TRUE|FALSE)\b/;
const TOKENS = new RegExp(`('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\\n]*|${WORDS.source}|\\b\\d+(?:\\.\\d+)?\\b)`, "g");

function Coloured({ sql }: { sql: string }) {
    const parts = [];
    let last = 0;
    for (const match of sql.matchAll(TOKENS)) {
        const token = match[0];
        parts.push(sql.slice(last, match.index));
        const kind = token.startsWith("'") ? "string" : token.startsWith('"') ? "name" : token.startsWith("--") ? "comment" : /^\d/.test(token) ? "number" : "word";
        parts.push(<span class={`sql-${kind}`}>{token}</span>);
        last = match.index + token.length;
    }
    parts.push(sql.slice(last));
    return <code>{parts}</code>;
}

interface Props {
    sql: string;
    onRun?: (sql: string) => void;
    busy?: boolean;
    editing?: boolean;
}

export function Sql({ sql, onRun, busy = false, editing: startEditing = false }: Props) {
    const [editing, setEditing] = useState(startEditing);
    const [text, setText] = useState(sql);
    useEffect(() => setText(sql), [sql]);
    const run = (): void => {
        if (text.trim() && onRun) onRun(text);
    };
    return (
        <div class="sql">
            <div class="row sql-tools">
                <button type="button" class="button small" onClick={() => void copyText(text, "SQL")}><Icon name="copy" size={15} />Copy</button>
                {onRun && !editing && <button type="button" class="button small" onClick={() => setEditing(true)}><Icon name="code" size={15} />Edit</button>}
                {onRun && editing && <button type="button" class="button small primary" disabled={busy || !text.trim()} onClick={run}>Run</button>}
                {editing && text !== sql && <button type="button" class="button small" onClick={() => setText(sql)}>Undo changes</button>}
                {editing && <span class="quiet small-text">Ctrl+Enter runs. Only reading is possible: the guard checks every statement.</span>}
            </div>
            {editing ? (
                <textarea class="field sql-editor" spellcheck={false} autocomplete="off" aria-label="SQL" rows={Math.min(24, text.split("\n").length + 1)} value={text}
                    onInput={(event) => setText(event.currentTarget.value)}
                    onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } }} />
            ) : (
                <pre class="sql-text" tabIndex={0} aria-label="SQL of this answer"><Coloured sql={text} /></pre>
            )}
        </div>
    );
}
