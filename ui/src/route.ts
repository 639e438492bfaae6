// Addresses of pages: /overview, /ask?plan=…, /explore?plan=…. A link holds all that is needed to show the same again.

import type { Plan } from "./contract.ts";
import { parseJson } from "./json.ts";

export const PAGES = ["data", "overview", "ask", "architecture", "owners", "explore", "activity", "settings"] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
    page: PageName;
    query: URLSearchParams;
}

export function readRoute(location: { pathname: string; search: string }): Route | null {
    const name = location.pathname.replace(/^\/+|\/+$/g, "") as PageName;
    return PAGES.includes(name) ? { page: name, query: new URLSearchParams(location.search) } : null;
}

export function pageLink(page: PageName, query: { [name: string]: string | null | undefined } = {}): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value) parameters.set(name, value);
    const text = parameters.toString();
    return `/${page}${text ? `?${text}` : ""}`;
}

export const planLink = (page: "ask" | "explore", plan: Plan): string => pageLink(page, { plan: JSON.stringify(plan) });

/** The plan of a link; null when there is none, or it is no plan. The server checks it once more. */
export function planOfRoute(route: Route): Plan | null {
    const text = route.query.get("plan");
    if (!text) return null;
    try {
        const plan = parseJson(text) as unknown as Plan;
        return plan && typeof plan === "object" && Array.isArray(plan.measures) ? plan : null;
    } catch {
        return null;
    }
}
