// The contract with the server (docs/openapi.json, docs/commands.md), as far as the pages use it. All types of it are in this file.

import type { Exact } from "./json.ts";

export type Cell = string | Exact | boolean | null;

export interface Column {
    name: string;
    type: "text" | "decimal" | "integer" | "date" | "timestamp" | "percent" | "boolean";
    unit: string | null;
    label: string | null;
}

export interface Period {
    start?: string; // first day
    end?: string; // the day after the last
}

export interface PlanTime extends Period {
    partial?: boolean;
    by_billing_period?: boolean;
    words?: string;
}

export type FilterOp =
    | "in" | "not_in" | "empty" | "not_empty" | "contains" | "not_contains"
    | "at_least" | "above" | "at_most" | "below" | "all_tags_empty";

export interface PlanFilter {
    dimension?: string;
    op: FilterOp;
    values?: string[];
    part?: boolean;
}

export interface PlanConcept {
    id: string;
    negated?: boolean;
    part?: boolean;
}

export type Grain = "hour" | "day" | "week" | "month" | "quarter" | "year" | "billing_period";

/** src/question/plan.h; what has its default value is left out. */
export interface Plan {
    v: 1;
    intent: string;
    dataset: string;
    measures: string[];
    group_by?: string[];
    grain?: Grain;
    filters?: PlanFilter[];
    concepts?: PlanConcept[];
    time?: PlanTime;
    compare?: { kind: string; a?: PlanTime; b?: PlanTime; dimension?: string; elapsed?: boolean };
    rank?: { on: string; ascending?: boolean; n?: number; each?: string; positive_only?: boolean };
    limit?: number;
    chart?: string;
    subject?: string;
    assumptions?: { field: string; why: string }[];
    [other: string]: unknown; // members that pages pass on as they are
}

export interface Chip {
    kind: "measure" | "period" | "compare" | "group" | "filter" | "concept" | "rank" | "grain" | "limit";
    field: string | null;
    index: number | null;
    text: string;
}

export interface Basis {
    measure: string | null;
    period: { start: string; end: string; complete: boolean } | null;
    compared_with?: { start: string; end: string };
    filters: string[];
    assumed: string[];
    warnings: string[];
    currency: string | null;
    as_of: string | null;
    data_through: string | null;
    source: string | null;
}

export interface Fact {
    id: string;
    kind: string;
    subject: string | null;
    period: string | null;
    value: Exact | null;
    unit: string | null;
    display: string;
    row: number;
    column: string | null;
    formula: string | null;
}

export interface Section {
    name: string;
    title: string;
    columns: Column[];
    rows: Cell[][];
    display: string[][];
}

export interface ChartSpec {
    kind: string;
    x: string | null;
    y: string[];
    series: string | null;
}

export interface Reason {
    code: string;
    message: string;
    nearest?: string[];
}

export interface Alternative {
    paraphrase: string;
    plan: Plan;
}

/** What the events of one answer add up to. */
export interface Answer {
    id: string | null; // of the server's log
    status: "working" | "answered" | "clarify" | "refused" | "error";
    question: string | null;
    paraphrase: string | null;
    plan: Plan | null;
    planner: string | null;
    chips: Chip[];
    assumed: string[];
    sql: string | null;
    dialect: string | null;
    columns: Column[];
    rows: Cell[][];
    display: string[][];
    sections: Section[];
    chart: ChartSpec | null;
    summary: string | null;
    facts: Fact[];
    basis: Basis | null;
    verified: { numbers: number; verified: number; writer: string } | null;
    suggestions: string[];
    recommendations: string[];
    reason: Reason | null;
    alternatives: Alternative[];
    row_count: number;
    truncated: boolean;
    timing_ms: { [step: string]: Exact };
    conversation: unknown;
}

export interface Operation {
    name: string;
    group: string;
    summary: string;
    detail?: string | null;
    arguments: { name: string; type: string; required: boolean; choices?: string[] | null; help?: string }[];
}

export interface Server {
    version: string;
    engine: string;
    workspace?: string;
    loaded: boolean;
    limits: { body_bytes?: number; upload_bytes?: number; questions_at_once?: number; question_bytes?: number };
}

export interface Upload {
    id: string;
    name: string;
    size: number;
    offset: number;
    complete: boolean;
}

export interface Progress {
    what?: string | null;
    fraction?: Exact;
    rows?: number;
    bytes?: number;
    bytes_total?: number;
    elapsed_s?: Exact;
}

export interface Import {
    id: string;
    status: "running" | "done" | "failed" | "cancelled";
    files?: string[];
    replace?: boolean;
    progress: Progress;
    report?: LoadReport | null;
    reason?: Reason | null;
}

export interface LoadReport {
    unchanged: boolean;
    row_count: number;
    elapsed_ms: number;
    datasets: { name: string; format: string; source: string; periods?: string[]; row_count: number; accounts?: number; services?: number }[];
    notes?: unknown[];
    odd?: unknown[];
}

export interface Measure {
    name: string;
    label: string;
    unit: string | null; // "currency", "percent", "count", …
    available: boolean;
    needs?: string | null; // what the bill lacks where it is not available
}

export interface Dimension {
    name: string;
    label: string;
    class?: string;
    tag_key?: string | null;
    missing?: number;
    distinct?: number;
}

export interface Month {
    name: string; // "2026-09"
    start: string;
    end: string;
    complete: boolean;
}

export interface Fields {
    measures: Measure[];
    dimensions: Dimension[];
    concepts: { id: string; label: string }[];
    months?: Month[];
    first_day?: string | null;
    last_day?: string | null;
    as_of?: string | null;
}

export interface FieldValue {
    value: string;
    row_count?: number;
}

export interface DataSet {
    name: string;
    kind?: string;
    label?: string | null;
    row_count?: number;
    row_label?: string | null;
    columns?: number;
    first_day?: string | null;
    last_day?: string | null;
    provider?: string | null;
    currencies?: string[];
    snapshots?: { period: string | null; format: string | null; source: string | null; row_count: number }[];
    source_label?: string | null;
}

export interface ProfileColumn {
    name: string;
    label: string;
    type: string;
    key?: string;
    missing: number;
    missing_percent: Exact;
    distinct: number;
    top?: { value: string | null; rows: number; cost?: Exact }[];
}

export interface Profile {
    dataset: string;
    kind: string;
    rows: number;
    source: string;
    provider: string | null;
    detected_service?: string | null;
    rows_are: string | null;
    period?: { start: string | null; end: string | null; as_of: string | null; data_through: string | null; granularity: string | null } | null;
    completeness?: { months: Month[]; incomplete: string[] };
    totals?: { currency: string; rows: number; [measure: string]: Exact }[];
    months?: { month: string; currency: string; rows: number; cost: Exact }[];
    services?: { service: string; cost: Exact; rows: number }[];
    columns: { [columnClass: string]: ProfileColumn[] };
    concepts?: { id: string; label: string }[];
    odd?: unknown[];
}

export interface Doctor {
    ok: boolean;
    checks: { name: string; ok: boolean; found: string; todo: string | null }[];
}

export interface Stats {
    totals: { questions: number; answered: number; clarify: number; refused: number; error: number; offline: number; reused: number; liked: number; disliked: number; numbers: number; verified: number };
    latency: { p50_ms: Exact | null; p95_ms: Exact | null; p99_ms: Exact | null; slowest_ms: Exact | null };
    days: { day: string; questions: number; answered: number }[];
    patterns: { [name: string]: Cell }[];
    services: { [name: string]: Cell }[];
    refusals: { [name: string]: Cell }[];
    unknown: { [name: string]: Cell }[];
    slow: { [name: string]: Cell }[];
    retention_days: number;
    log: string;
}

export interface Range {
    low: Exact;
    best: Exact;
    high: Exact;
}

export interface FindingResource {
    resource: string;
    account?: string | null;
    monthly_cost?: Exact;
    monthly_saving?: Exact;
    counted_in?: string;
}

export interface Finding {
    rule: string;
    class: "A" | "B" | "C";
    title: string;
    account: string | null;
    region: string | null;
    resources: (string | FindingResource)[];
    monthly_cost: Exact | null;
    monthly_saving: Range | null;
    formula: string | null;
    evidence: string[];
    verify: string[];
    remediate: string[];
    effort: string | null;
    risk: string | null;
    family?: string | null;
    confidence?: Exact | null;
    action?: string | null;
    infers?: string | null;
    account_name?: string | null;
    annual_saving?: Exact | null;
    price_source?: string | null;
    false_positives?: string[];
    source?: string | null;
}

export interface ArchitectureNode {
    id: string;
    label?: string | null;
    kind?: string | null; // account, region, zone: places that hold others; else a part of the system
    parent?: string | null;
    account?: string | null;
    region?: string | null;
    monthly_cost?: Exact | null;
    [other: string]: unknown;
}

export interface ArchitectureEdge {
    from: string;
    to: string;
    kind?: string | null;
    monthly_cost?: Exact | null;
    gb?: Exact | null;
    [other: string]: unknown;
}

export interface Architecture {
    basis: { period?: { start: string; end: string; complete: boolean }; currency?: string | null; cost?: string; rules?: number; rules_judged?: number; as_of?: string | null };
    totals?: { monthly_saving?: Range; annual_saving?: Exact; A?: Range; B?: Range; C?: Range };
    findings: Finding[];
    not_judged: { rule: string; needs: string[] }[];
    nodes: ArchitectureNode[];
    edges: ArchitectureEdge[];
    statements: { rule?: string; text: string; account?: string | null; region?: string | null; evidence?: string[] }[];
}

export interface OwnedResource {
    resource_id: string;
    owner: string | null;
    probability: Exact | null;
    evidence: string[];
    monthly_cost: Exact | null;
    runner_up: { owner: string; probability: Exact | null } | null;
    likeliest?: { owner: string; probability: Exact | null } | null;
    account?: string | null;
    region?: string | null;
    kind?: string | null;
}

export interface ReliabilityBin {
    from: Exact;
    to: Exact;
    resources: number;
    said: Exact;
    right: Exact;
}

export interface SelfExam {
    supported?: boolean;
    why_not?: string | null;
    hidden_resources?: number;
    precision_at_90?: Exact | null;
    coverage_at_90?: Exact | null;
    accuracy?: Exact | null;
    brier?: Exact | null;
    ece?: Exact | null;
    baselines?: { [name: string]: { [measure: string]: Exact | null } };
    reliability?: ReliabilityBin[];
}

export interface Owners {
    tag: string;
    resources: OwnedResource[];
    self_exam: SelfExam | null;
    basis?: { [name: string]: Cell };
    rollup: { owner: string | null; tagged_resources?: number; monthly_tagged_cost?: Exact | null }[];
}
