// Where the parts of a diagram stand: accounts side by side or below each other, in them regions, in these the parts in layers.
//
// Only the parts that cost most are placed: a picture of everything is no picture. What is left out is counted.

import type { ArchitectureEdge, ArchitectureNode } from "../contract.ts";

export const NODE = { width: 190, height: 48 };
const GAP = 26;
const PAD = 18;
const HEAD = 30;
const ROW_WIDTH = 2100;
const ROWS = 5; // parts below each other: more stand beside them
const MOST_PARTS = 40;
const MOST_EDGES = 40;
const PLACES = new Set(["account", "region", "zone"]);

export interface Placed {
    node: ArchitectureNode;
    x: number;
    y: number;
}

export interface Group {
    name: string;
    depth: number;
    x: number;
    y: number;
    width: number;
    height: number;
}

export interface Drawn {
    edge: ArchitectureEdge;
    path: string;
    x: number; // where its cost is written
    y: number;
    weight: number; // 0 to 1, by cost
}

export interface Drawing {
    width: number;
    height: number;
    nodes: Placed[];
    groups: Group[];
    edges: Drawn[];
    left_out: number;
}

/** Columns from what faces the internet to what keeps data; kinds that are not named here stand last. */
const LAYERS = [
    ["internet", "remote-region", "cdn", "dns", "private", "vpn", "firewall", "public-ip"],
    ["load-balancer", "api", "nat", "endpoint", "zones", "zone"],
    ["compute", "container", "cluster", "function"],
    ["queue", "stream", "services"],
    ["database", "table", "bucket", "volume", "snapshot", "registry"],
];

const layerOf = (node: ArchitectureNode): number => {
    const at = LAYERS.findIndex((kinds) => kinds.includes(String(node.kind)));
    return at < 0 ? LAYERS.length : at;
};

interface Block {
    width: number;
    height: number;
    nodes: Placed[];
    groups: Group[];
}

const moved = (block: Block, x: number, y: number): Block => ({
    ...block,
    nodes: block.nodes.map((placed) => ({ ...placed, x: placed.x + x, y: placed.y + y })),
    groups: block.groups.map((group) => ({ ...group, x: group.x + x, y: group.y + y })),
});

/** Blocks in rows that are no wider than `most`. */
function flow(blocks: Block[], most: number): Block {
    const out: Block = { width: 0, height: 0, nodes: [], groups: [] };
    let x = 0, y = 0, row = 0;
    for (const block of blocks) {
        if (x > 0 && x + block.width > most) { x = 0; y += row + GAP; row = 0; }
        const at = moved(block, x, y);
        out.nodes.push(...at.nodes);
        out.groups.push(...at.groups);
        out.width = Math.max(out.width, x + block.width);
        row = Math.max(row, block.height);
        x += block.width + GAP;
    }
    return { ...out, height: y + row };
}

/** The parts of one region: columns for each layer that has any, the dearest part first. */
function layers(nodes: ArchitectureNode[]): Block {
    const byLayer = groupBy(nodes, (node) => String(layerOf(node)));
    const placed: Placed[] = [];
    let x = 0, height = 0;
    for (const [, members] of [...byLayer].sort(([a], [b]) => Number(a) - Number(b))) {
        const sorted = members.sort((a, b) => Number(b.monthly_cost ?? 0) - Number(a.monthly_cost ?? 0));
        sorted.forEach((node, at) => placed.push({ node, x: x + Math.floor(at / ROWS) * (NODE.width + 14), y: (at % ROWS) * (NODE.height + 14) }));
        height = Math.max(height, Math.min(sorted.length, ROWS) * (NODE.height + 14) - 14);
        x += Math.ceil(sorted.length / ROWS) * (NODE.width + 14) - 14 + GAP * 2;
    }
    return { width: Math.max(0, x - GAP * 2), height, nodes: placed, groups: [] };
}

function framed(block: Block, name: string | null, depth: number): Block {
    if (name === null) return block;
    const inner = moved(block, PAD, HEAD);
    const width = Math.max(block.width + 2 * PAD, 150), height = block.height + HEAD + PAD;
    return { width, height, nodes: inner.nodes, groups: [{ name, depth, x: 0, y: 0, width, height }, ...inner.groups] };
}

function groupBy<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
    return groups;
}

/** Parts and, where traffic goes to a place itself (another zone), that place as a part. */
function shownParts(nodes: ArchitectureNode[], edges: ArchitectureEdge[]): ArchitectureNode[] {
    const ends = new Set(edges.slice(0, MOST_EDGES).flatMap((edge) => [edge.from, edge.to]));
    const parts = nodes.filter((node) => !PLACES.has(String(node.kind)) || ends.has(node.id));
    const byCost = [...parts].sort((a, b) => Number(ends.has(b.id)) - Number(ends.has(a.id)) || Number(b.monthly_cost ?? 0) - Number(a.monthly_cost ?? 0));
    const kept = new Set(byCost.slice(0, MOST_PARTS));
    return parts.filter((node) => kept.has(node));
}

export function layOut(nodes: ArchitectureNode[], edges: ArchitectureEdge[]): Drawing {
    const parts = shownParts(nodes, edges);
    const names = new Map(nodes.filter((node) => node.kind === "account").map((node) => [String(node.account ?? node.id), String(node.label ?? node.account)]));
    const accounts = [...groupBy(parts, (node) => String(node.account ?? ""))].map(([account, members]) => {
        const regions = [...groupBy(members, (node) => String(node.region ?? ""))].map(([region, here]) => framed(layers(here), region || null, 1));
        return framed(flow(regions, ROW_WIDTH), account ? (names.get(account) ?? account) : null, 0);
    });
    const all = moved(flow(accounts, ROW_WIDTH), PAD, PAD);
    const where = new Map(all.nodes.map((placed) => [placed.node.id, placed]));
    const drawn = drawEdges(edges.slice(0, MOST_EDGES), where);
    return { width: all.width + 2 * PAD, height: all.height + 2 * PAD, nodes: all.nodes, groups: all.groups, edges: drawn, left_out: nodes.filter((node) => !PLACES.has(String(node.kind))).length - parts.length };
}

function drawEdges(edges: ArchitectureEdge[], where: Map<string, Placed>): Drawn[] {
    const most = Math.max(1e-9, ...edges.map((edge) => Number(edge.monthly_cost ?? edge.gb ?? 0)));
    return edges.flatMap((edge): Drawn[] => {
        const from = where.get(edge.from), to = where.get(edge.to);
        if (!from || !to || from === to) return [];
        const right = to.x >= from.x;
        const x1 = from.x + (right ? NODE.width : 0), y1 = from.y + NODE.height / 2;
        const x2 = to.x + (right ? 0 : NODE.width), y2 = to.y + NODE.height / 2;
        const bend = Math.max(30, Math.abs(x2 - x1) / 2) * (right ? 1 : -1);
        const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
        return [{ edge, path, x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 5, weight: Math.sqrt(Math.max(0, Number(edge.monthly_cost ?? edge.gb ?? 0)) / most) }];
    });
}
