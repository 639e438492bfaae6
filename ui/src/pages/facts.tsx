// An object of the server's whose members are not all known here, as names and values; lists of objects become tables. Text only.

import { Table } from "../components/table.tsx";
import type { Cell, Column } from "../contract.ts";

const words = (name: string): string => name.replace(/_/g, " ");

const isPlain = (value: unknown): value is string | number | boolean | null => value === null || ["string", "number", "boolean"].includes(typeof value);

export function Facts({ value, depth = 0 }: { value: { [name: string]: unknown }; depth?: number }) {
    const entries = Object.entries(value);
    const plain = entries.filter(([, member]) => isPlain(member));
    const rest = entries.filter(([, member]) => !isPlain(member));
    return (
        <>
            {plain.length > 0 && <dl class="figures">{plain.map(([name, member]) => <div><dt>{words(name)}</dt><dd>{member === null ? "–" : String(member)}</dd></div>)}</dl>}
            {rest.map(([name, member]) => (
                <section class="section">
                    <h3>{words(name)}</h3>
                    {Array.isArray(member) ? <List list={member} name={words(name)} /> : depth < 4 ? <Facts value={member as { [name: string]: unknown }} depth={depth + 1} /> : null}
                </section>
            ))}
        </>
    );
}

function List({ list, name }: { list: unknown[]; name: string }) {
    if (!list.length) return <p class="quiet">none</p>;
    if (list.every(isPlain)) return <ul>{list.map((item) => <li>{String(item)}</li>)}</ul>;
    const objects = list as { [name: string]: unknown }[];
    const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
    const numeric = (column: string): boolean => objects.every((object) => object[column] === null || object[column] === undefined || typeof object[column] === "number" || /^-?\d+(\.\d+)?$/.test(String(object[column])));
    const columns = names.map((column): Column => ({ name: column, label: words(column), type: numeric(column) ? "decimal" : "text", unit: null }));
    const rows = objects.map((object) => names.map((column): Cell => (isPlain(object[column]) ? (object[column] as Cell) : JSON.stringify(object[column] ?? null))));
    return <Table columns={columns} rows={rows} display={rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))))} caption={name} visible={8} />;
}
