// The sentences of an answer. The server writes a small part of Markdown (bold names, escaped characters); it becomes elements here,
// never HTML text. Numbers that are facts say on hover, focus or click where they come from.

import type { ComponentChildren } from "preact";
import type { Column, Fact } from "../contract.ts";
import { Popover } from "./popover.tsx";

interface Piece {
    text: string;
    bold: boolean;
}

/** Cuts "a **b** c" into pieces and takes escapes away. */
export function readMarkdown(markdown: string): Piece[] {
    const pieces: Piece[] = [];
    let text = "", bold = false;
    const end = (): void => {
        if (text) pieces.push({ text, bold });
        text = "";
    };
    for (let at = 0; at < markdown.length; at++) {
        if (markdown[at] === "\\" && /[!-/:-@[-`{-~]/.test(markdown[at + 1] ?? "")) text += markdown[++at];
        else if (markdown.startsWith("**", at)) {
            end();
            bold = !bold;
            at++;
        } else text += markdown[at];
    }
    end();
    return pieces;
}

function escapeForPattern(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** As sentences say it: the direction of a change is a word there ("fell by $2,952.44"). */
const unsigned = (display: string): string => display.replace(/^[-+]/, "");

/** The fact that a display stands for: of several with the same, the one about the name said last. */
function factFor(facts: Fact[], display: string, subject: string | null): Fact | undefined {
    const exact = facts.filter((fact) => fact.display === display);
    const same = exact.length ? exact : facts.filter((fact) => unsigned(fact.display) === display);
    return same.find((fact) => subject !== null && fact.subject === subject) ?? same[0];
}

interface Props {
    markdown: string;
    facts: Fact[];
    columns: Column[];
    onShowRow?: (row: number) => void;
}

export function Summary({ markdown, facts, columns, onShowRow }: Props) {
    const numbers = facts.filter((fact) => /\d/.test(fact.display)).flatMap((fact) => [fact.display, unsigned(fact.display)]);
    const pattern = numbers.length
        ? new RegExp(`(${[...new Set(numbers)].sort((a, b) => b.length - a.length).map(escapeForPattern).join("|")})`)
        : null;
    let subject: string | null = null;
    const shown: ComponentChildren[] = [];
    for (const piece of readMarkdown(markdown)) {
        if (piece.bold) {
            subject = piece.text;
            shown.push(<strong>{piece.text}</strong>);
            continue;
        }
        for (const part of pattern ? piece.text.split(pattern) : [piece.text]) {
            const fact = numbers.includes(part) ? factFor(facts, part, subject) : undefined;
            shown.push(fact ? <Number fact={fact} columns={columns} onShowRow={onShowRow} /> : part);
        }
    }
    return <p class="summary">{shown}</p>;
}

function sourceOf(fact: Fact, columns: Column[]): string {
    const column = columns.find((have) => have.name === fact.column)?.label ?? fact.column;
    if (fact.row >= 0) return `row ${fact.row + 1}${column ? `, ${column}` : ""}`;
    return fact.formula ?? (column ? `total of ${column}` : "the data itself");
}

function Number({ fact, columns, onShowRow }: { fact: Fact; columns: Column[]; onShowRow: Props["onShowRow"] }) {
    const source = sourceOf(fact, columns);
    return (
        <Popover class="fact" label={fact.display} title={`${fact.display}: ${source}`}>
            {(close) => (
                <div class="fact-source">
                    <dl class="pairs">
                        <dt>value</dt>
                        <dd class="exact">{String(fact.value ?? "–")}{fact.unit && !["date", "count", "percent"].includes(fact.unit) ? ` ${fact.unit}` : fact.unit === "percent" ? " %" : ""}</dd>
                        {fact.subject && <><dt>of</dt><dd>{fact.subject}</dd></>}
                        <dt>from</dt>
                        <dd>{source}</dd>
                        {fact.formula && fact.row >= 0 && <><dt>formula</dt><dd>{fact.formula}</dd></>}
                    </dl>
                    {fact.row >= 0 && onShowRow && (
                        <button type="button" class="button small" data-autofocus onClick={() => { close(); onShowRow(fact.row); }}>Show the row</button>
                    )}
                </div>
            )}
        </Popover>
    );
}
