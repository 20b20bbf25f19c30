package io.zerocopy.tests.bench.result;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;

/** Draws one chart per case, processor time by size of transfer, all on one page. */
public final class Plot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 460;
    private static final int COLUMNS = 2;

    private Plot() {}

    public static void draw(Path file, List<CaseResult> standings) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Map<BenchmarkCase, List<CaseResult>> cases = new LinkedHashMap<>();
        for (CaseResult result : standings) {
            if (result.finished()) {
                cases.computeIfAbsent(result.pair(), c -> new ArrayList<>()).add(result);
            }
        }
        VectorGraphics2D page = new VectorGraphics2D();
        int index = 0;
        for (Map.Entry<BenchmarkCase, List<CaseResult>> entry : cases.entrySet()) {
            Graphics2D cell = (Graphics2D) page.create();
            cell.translate(index % COLUMNS * WIDTH, index / COLUMNS * HEIGHT);
            chart(entry.getKey(), entry.getValue()).paint(cell, WIDTH, HEIGHT);
            index++;
        }
        int rows = (index + COLUMNS - 1) / COLUMNS;
        try (OutputStream out = Files.newOutputStream(file)) {
            Processors.get("svg")
                    .getDocument(page.getCommands(), new PageSize(COLUMNS * WIDTH, Math.max(1, rows) * HEIGHT))
                    .writeTo(out);
        }
    }

    private static XYChart chart(BenchmarkCase pair, List<CaseResult> standings) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(pair.toString())
                .xAxisTitle("bytes of a transfer")
                .yAxisTitle("CPU ms/GiB")
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        Map<String, List<double[]>> lines = new LinkedHashMap<>();
        for (CaseResult result : standings) {
            lines.computeIfAbsent(result.name(), n -> new ArrayList<>())
                    .add(new double[] {result.size(), result.median(Measurement::cpuMillisPerGib)});
        }
        lines.forEach((name, points) -> {
            XYSeries series = chart.addSeries(
                    name,
                    points.stream().mapToDouble(p -> p[0]).toArray(),
                    points.stream().mapToDouble(p -> Math.max(p[1], 0.01)).toArray());
            series.setLineWidth(name.equals(standings.get(0).name()) ? 4 : 1.5f);
        });
        return chart;
    }
}
