// Starts the client.

import { render } from "preact";
import { start } from "./actions.ts";
import { App } from "./app.tsx";
import { prefetchCharts } from "./charts/chart.tsx";
import "./style/app.css";

render(<App />, document.getElementById("app")!);
void start();
prefetchCharts();
