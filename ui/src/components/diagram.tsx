// The inferred architecture as a drawing: a box per account and region, parts in layers from the edge to the data, traffic as lines.
// Drawn as SVG elements, so that each part can be reached with the keyboard; wheel, buttons and + - 0 zoom, dragging moves.

import { useMemo, useRef, useState } from "preact/hooks";
import type { ArchitectureEdge, ArchitectureNode, Plan, PlanFilter } from "../contract.ts";
import { displayNumber } from "../number.ts";
import { makePlan } from "../plan.ts";
import { planLink } from "../route.ts";
import { getState } from "../store.ts";
import { layOut, NODE } from "./diagram-layout.ts";
import { Icon } from "./icon.tsx";

export type Selected = { node: ArchitectureNode } | { edge: ArchitectureEdge };

interface Props {
    nodes: ArchitectureNode[];
    edges: ArchitectureEdge[];
    unit: string | null;
    period: { start: string; end: string } | null;
    selected: Selected | null;
    onSelect: (selected: Selected | null) => void;
}

/** Lines that carry less than this (a root of the share of the dearest) have their cost said when they are chosen only. */
const WORTH_WRITING = 0.12;

/** A cost as text; nothing where there is none. */
const costOf = (cost: ArchitectureNode["monthly_cost"], unit: string | null): string => (cost == null || Number(cost) === 0 ? "" : displayNumber(cost, unit));

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

export const nodeName = (node: ArchitectureNode): string => String(node.label ?? node.id);

interface View {
    x: number;
    y: number;
    scale: number;
}

const WHOLE: View = { x: 0, y: 0, scale: 1 };

// The attribute is written in small letters: inside an SVG its name is taken as it stands, and `tabIndex` would mean nothing.
export function Diagram({ nodes, edges, unit, period, selected, onSelect }: Props) {
    const drawing = useMemo(() => layOut(nodes, edges), [nodes, edges]);
    const [view, setView] = useState<View>(WHOLE);
    const drag = useRef<{ x: number; y: number; view: View } | null>(null);
    const box = useRef<SVGSVGElement>(null);
    const zoom = (factor: number): void => setView((have) => ({ ...have, scale: Math.min(6, Math.max(0.4, have.scale * factor)) }));
    const width = drawing.width / view.scale, height = drawing.height / view.scale;
    const viewBox = `${view.x + (drawing.width - width) / 2} ${view.y + (drawing.height - height) / 2} ${width} ${height}`;
    const onKey = (event: KeyboardEvent): void => {
        const step = 60 / view.scale;
        const moves: { [key: string]: [number, number] } = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
        const move = moves[event.key];
        if (move) setView((have) => ({ ...have, x: have.x + move[0], y: have.y + move[1] }));
        else if (event.key === "+" || event.key === "=") zoom(1.25);
        else if (event.key === "-") zoom(0.8);
        else if (event.key === "0") setView(WHOLE);
        else if (event.key === "Escape") onSelect(null);
        else return;
        event.preventDefault();
    };
    const perPixel = (): number => width / Math.max(1, box.current?.clientWidth ?? 1);
    return (
        <section class="panel diagram" aria-label="Diagram">
            <div class="diagram-tools row">
                <h2>The system</h2>
                <button type="button" class="button small" aria-label="Larger" title="Larger" onClick={() => zoom(1.25)}><Icon name="zoomIn" size={15} /></button>
                <button type="button" class="button small" aria-label="Smaller" title="Smaller" onClick={() => zoom(0.8)}><Icon name="zoomOut" size={15} /></button>
                <button type="button" class="button small" onClick={() => setView(WHOLE)}>Whole</button>
            </div>
            <svg ref={box} class="diagram-drawing" style={{ aspectRatio: `${drawing.width} / ${drawing.height}` }} viewBox={viewBox} role="group" aria-label="Parts of the system and their traffic" tabindex={0} onKeyDown={onKey}
                onWheel={(event) => { if (event.ctrlKey) { event.preventDefault(); zoom(event.deltaY < 0 ? 1.1 : 0.9); } }}
                onPointerDown={(event) => { drag.current = { x: event.clientX, y: event.clientY, view }; }}
                onPointerMove={(event) => {
                    if (!drag.current || !(event.buttons & 1)) return;
                    const { x, y, view: from } = drag.current;
                    setView({ ...from, x: from.x - (event.clientX - x) * perPixel(), y: from.y - (event.clientY - y) * perPixel() });
                }}>
                <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" class="arrow" /></marker></defs>
                {drawing.groups.map((group) => (
                    <g>
                        <rect class={`group depth-${group.depth}`} x={group.x} y={group.y} width={group.width} height={group.height} rx={10} />
                        <text class="group-name" x={group.x + 12} y={group.y + 18}>{cut(group.name, Math.floor(group.width / 7.2))}</text>
                    </g>
                ))}
                {drawing.edges.map(({ edge, path, x, y, weight }) => {
                    const active = selected && "edge" in selected && selected.edge === edge;
                    const label = String(edge.kind ?? "traffic");
                    const cost = costOf(edge.monthly_cost, unit);
                    return (
                        <g class={`edge${active ? " active" : ""}`} tabindex={0} role="button" aria-label={`${label} ${cost}`} onClick={() => onSelect({ edge })} onKeyDown={(event) => { if (event.key === "Enter") onSelect({ edge }); }}>
                            <path class="edge-hit" d={path} />
                            <path class="edge-line" d={path} stroke-width={1 + 4 * weight} marker-end="url(#arrow)" />
                            {cost && weight > WORTH_WRITING && <text class="edge-cost" x={x} y={y}>{cost}</text>}
                        </g>
                    );
                })}
                {drawing.nodes.map(({ node, x, y }) => {
                    const active = selected && "node" in selected && selected.node === node;
                    const name = cut(nodeName(node), 20), facts = [costOf(node.monthly_cost, unit), cut(String(node.kind ?? ""), 18)].filter(Boolean).join(" · ");
                    return (
                        <g class={`node${active ? " active" : ""}`} tabindex={0} role="button" transform={`translate(${x} ${y})`}
                            onClick={() => onSelect({ node })} onKeyDown={(event) => { if (event.key === "Enter") onSelect({ node }); }}>
                            <rect width={NODE.width} height={NODE.height} rx={8} />
                            <text><tspan x={12} y={20} class="node-name">{name}</tspan>{" "}<tspan x={12} y={37} class="node-cost">{facts}</tspan></text>
                        </g>
                    );
                })}
            </svg>
            {drawing.left_out > 0 && <p class="quiet small-text">{drawing.left_out} parts that cost less are left out.</p>}
            {selected && <SelectedFacts selected={selected} nodes={nodes} unit={unit} period={period} onClose={() => onSelect(null)} />}
        </section>
    );
}

/** What the bill has about a part, or about the traffic of a line: costs by usage type and resource in the month judged. */
function linesBehind(selected: Selected, nodes: ArchitectureNode[], period: Props["period"]): Plan | null {
    const { dataset } = getState();
    const node = "node" in selected ? selected.node : [selected.edge.from, selected.edge.to].map((id) => nodes.find((have) => have.id === id)).find((have) => have?.account);
    if (!dataset || !node?.account) return null;
    const filters: PlanFilter[] = [{ dimension: "SubAccountId", op: "in", values: [node.account] }];
    if (node.region) filters.push({ dimension: "RegionId", op: "in", values: [node.region] });
    if ("node" in selected && typeof node["service"] === "string") filters.push({ dimension: "x_ServiceCode", op: "in", values: [node["service"]] });
    const concepts = "edge" in selected ? { concepts: [{ id: "data-transfer" }] } : {};
    return makePlan(dataset, "EffectiveCost", { intent: "breakdown", group_by: ["x_UsageType", "ResourceId"], filters, ...concepts, ...(period ? { time: { start: period.start, end: period.end } } : {}), rank: { on: "value", n: 100 } });
}

/** Everything that the server says about the part or line that was clicked. */
function SelectedFacts({ selected, nodes, unit, period, onClose }: { selected: Selected; nodes: ArchitectureNode[]; unit: string | null; period: Props["period"]; onClose: () => void }) {
    const plan = linesBehind(selected, nodes, period);
    const object = "node" in selected ? selected.node : selected.edge;
    const money = new Set(["monthly_cost", "cost"]);
    const shown = Object.entries(object).filter(([name]) => !["id", "parent", "label", "from", "to"].includes(name)).filter(([, value]) => value !== null && value !== undefined && (typeof value !== "object" || Array.isArray(value)));
    const text = (name: string, value: unknown): string =>
        Array.isArray(value) ? value.map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one))).join(", ") : money.has(name) ? displayNumber(value as string, unit) : String(value);
    return (
        <div class="diagram-facts" role="status">
            <div class="row"><h3>{"node" in selected ? nodeName(selected.node) : String(selected.edge.kind ?? "Traffic")}</h3><button type="button" class="button small bare" aria-label="Close" onClick={onClose}><Icon name="close" size={14} /></button></div>
            <dl class="pairs">{shown.map(([name, value]) => <><dt>{name.replace(/_/g, " ")}</dt><dd>{text(name, value)}</dd></>)}</dl>
            {plan && <a class="button small" href={planLink("explore", plan)}><Icon name="explore" size={15} />Show the lines behind it</a>}
        </div>
    );
}
