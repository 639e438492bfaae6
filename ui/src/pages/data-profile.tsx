// What a data set is: period, totals, months, columns by class, what is odd.

import { Chart } from "../charts/chart.tsx";
import type { ChartModel } from "../charts/model.ts";
import { Icon } from "../components/icon.tsx";
import { Table } from "../components/table.tsx";
import type { Cell, Column, Profile, ProfileColumn } from "../contract.ts";
import { decimalNumber, displayCount, displayNumber, parseDecimal, ZERO } from "../number.ts";
import { addDays, monthLabel } from "../plan.ts";
import { noteText } from "./data.tsx";

const CLASS_TITLES: { [columnClass: string]: string } = {
    dimension: "Dimensions", tag: "Tags", identifier: "Identifiers", cost: "Costs", metric: "Quantities and prices", timestamp: "Times",
};

export function ProfileView({ profile }: { profile: Profile }) {
    const columns = Object.entries(profile.columns ?? {}).filter(([, list]) => list.length > 0);
    return (
        <>
            <section class="panel" aria-labelledby="profile">
                <h2 id="profile">{profile.kind === "bill" ? "The bill" : profile.dataset}</h2>
                <dl class="pairs">
                    <dt>lines</dt><dd>{displayCount(profile.rows)}{profile.rows_are ? ` ${profile.rows_are}` : ""}</dd>
                    {profile.provider && <><dt>provider</dt><dd>{profile.provider}</dd></>}
                    {profile.detected_service && <><dt>service</dt><dd>{profile.detected_service}</dd></>}
                    {profile.period?.start && profile.period.end && <>
                        <dt>period</dt><dd>{profile.period.start} to {addDays(profile.period.end, -1)}, {profile.period.granularity}</dd>
                        <dt>data through</dt><dd>{profile.period.data_through} UTC</dd>
                    </>}
                    {(profile.completeness?.incomplete.length ?? 0) > 0 && <><dt>not complete</dt><dd>{profile.completeness!.incomplete.map(monthLabel).join(", ")}</dd></>}
                    {profile.totals?.map((total) => (
                        <>
                            <dt>billed ({total.currency})</dt><dd class="exact">{displayNumber(total["BilledCost"] ?? null, total.currency)} <span class="quiet">{String(total["BilledCost"] ?? "")}</span></dd>
                            {total["EffectiveCost"] !== undefined && <><dt>effective ({total.currency})</dt><dd class="exact">{displayNumber(total["EffectiveCost"], total.currency)}</dd></>}
                        </>
                    ))}
                </dl>
                {(profile.odd?.length ?? 0) > 0 && (
                    <>
                        <h3>Notes on quality</h3>
                        <ul class="notes">{profile.odd!.map((note) => <li><Icon name="warning" size={15} />{noteText(note)}</li>)}</ul>
                    </>
                )}
            </section>
            {(profile.months?.length ?? 0) > 1 && (
                <section class="panel" aria-labelledby="months">
                    <h2 id="months">By month</h2>
                    <Chart model={monthsModel(profile)} kind="bar" title="Cost by month" height={230} />
                </section>
            )}
            <section class="panel wide" aria-labelledby="columns">
                <h2 id="columns">Columns</h2>
                {columns.map(([name, list]) => <ColumnClass title={CLASS_TITLES[name] ?? name} list={list} open={name === "tag" || columns.length === 1} />)}
            </section>
        </>
    );
}

function monthsModel(profile: Profile): ChartModel {
    const currency = profile.months![0]!.currency;
    const months = profile.months!.filter((month) => month.currency === currency);
    const incomplete = new Set(profile.completeness?.incomplete ?? []);
    const column: Column = { name: "month", label: "month", type: "date", unit: null };
    return {
        kinds: ["bar"], time: true, xColumn: column, seriesColumn: null, measure: "billed cost", unit: currency, negative: false, total: ZERO,
        categories: months.map((month) => ({ key: month.month, name: monthLabel(month.month), folded: 0, partial: incomplete.has(month.month) })),
        series: [{
            key: null, name: "billed cost", folded: 0, unit: currency,
            marks: months.map((month) => {
                const value = parseDecimal(month.cost);
                return { value, number: value ? decimalNumber(value) : null, text: displayNumber(month.cost, currency) };
            }),
        }],
    };
}

const COLUMN_HEADS: Column[] = [
    { name: "label", label: "column", type: "text", unit: null },
    { name: "name", label: "name", type: "text", unit: null },
    { name: "type", label: "type", type: "text", unit: null },
    { name: "missing", label: "without a value", type: "percent", unit: "percent" },
    { name: "distinct", label: "values", type: "integer", unit: null },
    { name: "top", label: "most frequent", type: "text", unit: null },
];

function ColumnClass({ title, list, open }: { title: string; list: ProfileColumn[]; open: boolean }) {
    const rows: Cell[][] = list.map((column) => [
        column.label, column.name, column.type, column.missing_percent, column.distinct,
        (column.top ?? []).slice(0, 3).map((top) => top.value ?? "(none)").join(", "),
    ]);
    const display = rows.map((row) => row.map((cell, at) => (at === 3 ? displayNumber(cell as string, "percent") : at === 4 ? displayCount(Number(cell)) : String(cell ?? ""))));
    return (
        <details class="column-class" open={open}>
            <summary>{title} <span class="quiet">{list.length}</span></summary>
            <Table columns={COLUMN_HEADS} rows={rows} display={display} caption={title} visible={10} />
        </details>
    );
}
