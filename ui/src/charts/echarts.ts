// The part of Apache ECharts that the client uses. Loaded on demand, as a file of its own: pages stand before it arrives.

import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

use([
    BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart, TreemapChart,
    GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent,
    CanvasRenderer, SVGRenderer,
]);

export { init };
