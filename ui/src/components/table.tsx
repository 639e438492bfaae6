// A table of any length: only the rows in view are in the page. Cells are the texts that the server wrote; sorting compares exact
// numbers. Sorted by clicking a heading, or with Enter on it; the arrow keys scroll.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Cell, Column, Fact } from "../contract.ts";
import { addDecimal, compareDecimal, displayNumber, parseDecimal, displayCount, ZERO } from "../number.ts";
import { Icon } from "./icon.tsx";

const ROW_HEIGHT = 34;
const OVERSCAN = 8;
const MOST_VISIBLE = 14;

export interface Pick {
    row: number;
    column: number;
}

interface Props {
    columns: Column[];
    rows: Cell[][];
    display: string[][];
    caption: string; // for those who do not see the page
    facts?: Fact[];
    visible?: number; // rows in view, at most
    pickable?: (column: Column) => boolean;
    onPick?: (pick: Pick) => void;
    pickLabel?: string;
    shownRow?: { row: number; at: number } | null; // a row to scroll to and to mark; `at` tells one wish from the next
}

const isNumeric = (column: Column): boolean => ["decimal", "integer", "percent"].includes(column.type);

type Order = { column: number; descending: boolean } | null;

function compareCells(a: Cell | undefined, b: Cell | undefined, numeric: boolean): number {
    if (a === b) return 0;
    // What has no value stands last in either direction: the caller handles it.
    if (numeric) return compareDecimal(parseDecimal(a as string) ?? ZERO, parseDecimal(b as string) ?? ZERO);
    return String(a).localeCompare(String(b), "en", { numeric: true });
}

function sortedIndex(rows: Cell[][], order: Order, columns: Column[]): number[] {
    const index = rows.map((_, at) => at);
    if (!order) return index;
    const numeric = isNumeric(columns[order.column]!);
    const sign = order.descending ? -1 : 1;
    return index.sort((a, b) => {
        const left = rows[a]![order.column], right = rows[b]![order.column];
        if (left === null || right === null) return left === right ? a - b : left === null ? 1 : -1;
        return sign * compareCells(left, right, numeric) || a - b;
    });
}

const HEADING_SHOWN = 20;

/** Widths in characters, from the heading and a sample of the cells: fixed, so that scrolling does not move columns. */
function columnWidths(columns: Column[], display: string[][]): number[] {
    const step = Math.max(1, Math.floor(display.length / 200));
    return columns.map((column, at) => {
        let width = Math.min(HEADING_SHOWN, (column.label ?? column.name).length + 2);
        for (let row = 0; row < display.length; row += step) width = Math.max(width, (display[row]?.[at] ?? "").length);
        return Math.min(isNumeric(column) ? 26 : 44, Math.max(8, width + 3));
    });
}

export function Table({ columns, rows, display, caption, facts = [], visible = MOST_VISIBLE, pickable, onPick, pickLabel = "Open", shownRow }: Props) {
    const [order, setOrder] = useState<Order>(null);
    const [top, setTop] = useState(0);
    const box = useRef<HTMLDivElement>(null);
    const index = useMemo(() => sortedIndex(rows, order, columns), [rows, order, columns]);
    const widths = useMemo(() => columnWidths(columns, display), [columns, display]);
    const totals = columns.map((column) => facts.find((fact) => fact.kind === "total" && fact.column === column.name) ?? null);
    const hasTotals = rows.length > 1 && totals.some(Boolean);
    const others = useMemo(() => totals.some((total, at) => total && !addsUp(rows, at, total)), [rows, facts]);

    useEffect(() => { if (order && order.column >= columns.length) setOrder(null); }, [columns]);
    useEffect(() => {
        if (!shownRow || !box.current) return;
        box.current.scrollTo({ top: Math.max(0, (index.indexOf(shownRow.row) - 2) * ROW_HEIGHT) });
        box.current.scrollIntoView({ block: "nearest" });
    }, [shownRow]);

    const inView = Math.min(rows.length, visible);
    const first = Math.max(0, Math.min(Math.floor(top / ROW_HEIGHT) - OVERSCAN, rows.length - inView));
    const last = Math.min(rows.length, Math.floor(top / ROW_HEIGHT) + inView + OVERSCAN);
    const wide = widths.reduce((sum, width) => sum + width, 0);

    const sortBy = (column: number): void => {
        const numeric = isNumeric(columns[column]!);
        setOrder((before) =>
            before?.column !== column ? { column, descending: numeric } : before.descending === numeric ? { column, descending: !numeric } : null);
        box.current?.scrollTo({ top: 0 });
    };

    return (
        <div class="table-box" ref={box} tabIndex={0} role="region" aria-label={caption}
            style={{ maxHeight: `${(inView + 1 + (hasTotals ? 1 : 0)) * ROW_HEIGHT + 18}px` }}
            onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
            <table class="table" style={{ minWidth: `${Math.min(wide * 0.92, 400)}ch` }} aria-rowcount={rows.length + 1}>
                <caption class="unseen">{caption}, {displayCount(rows.length)} rows</caption>
                <colgroup>{widths.map((width) => <col style={{ width: `${((100 * width) / wide).toFixed(2)}%` }} />)}</colgroup>
                <thead>
                    <tr aria-rowindex={1}>
                        {columns.map((column, at) => {
                            const sorted = order?.column === at ? (order.descending ? "descending" : "ascending") : "none";
                            return (
                                <th scope="col" class={isNumeric(column) ? "numeric" : ""} aria-sort={sorted}>
                                    <button type="button" class="heading" title={`${column.label ?? column.name}: sort`} onClick={() => sortBy(at)}>
                                        <span>{column.label ?? column.name}</span>
                                        {sorted !== "none" && <Icon name={sorted === "descending" ? "down" : "up"} size={14} />}
                                    </button>
                                </th>
                            );
                        })}
                    </tr>
                </thead>
                <tbody>
                    {first > 0 && <tr class="spacer" aria-hidden="true"><td colSpan={columns.length} style={{ height: `${first * ROW_HEIGHT}px` }} /></tr>}
                    {index.slice(first, last).map((row, at) => (
                        <tr key={row} aria-rowindex={first + at + 2} class={shownRow?.row === row ? "marked" : ""}>
                            {columns.map((column, cell) => {
                                const text = display[row]?.[cell] ?? displayNumber(rows[row]?.[cell] as string, column.unit);
                                const title = isNumeric(column) ? exactTitle(rows[row]?.[cell], text) : text;
                                return (
                                    <td class={isNumeric(column) ? "numeric" : ""} title={title}>
                                        {onPick && pickable?.(column)
                                            ? <button type="button" class="cell-link" title={`${pickLabel} ${text}`} onClick={() => onPick({ row, column: cell })}>{text}</button>
                                            : text}
                                    </td>
                                );
                            })}
                        </tr>
                    ))}
                    {last < rows.length && <tr class="spacer" aria-hidden="true"><td colSpan={columns.length} style={{ height: `${(rows.length - last) * ROW_HEIGHT}px` }} /></tr>}
                </tbody>
                {hasTotals && (
                    <tfoot>
                        <tr>
                            {columns.map((column, at) => (
                                <td class={isNumeric(column) ? "numeric" : ""} title={totals[at] ? String(totals[at]!.value) : undefined}>
                                    {totals[at]?.display ?? (at === 0 ? (others ? "total with others" : "total") : "")}
                                </td>
                            ))}
                        </tr>
                    </tfoot>
                )}
            </table>
        </div>
    );
}

/** Whether the rows in view are all that the total is of. */
function addsUp(rows: Cell[][], column: number, total: Fact): boolean {
    const sum = rows.reduce((all, row) => addDecimal(all, parseDecimal(row[column] as string) ?? ZERO), ZERO);
    const whole = parseDecimal(total.value);
    return whole !== null && compareDecimal(sum, whole) === 0;
}

/** The exact value, where the cell shows a rounded one. */
function exactTitle(cell: Cell | undefined, text: string): string | undefined {
    if (cell === null || cell === undefined) return undefined;
    return String(cell) === text ? undefined : String(cell);
}
