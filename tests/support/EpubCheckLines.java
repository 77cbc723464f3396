import com.adobe.epubcheck.api.EPUBLocation;
import com.adobe.epubcheck.api.EpubCheck;
import com.adobe.epubcheck.api.MasterReport;
import com.adobe.epubcheck.messages.Message;
import com.adobe.epubcheck.util.FeatureEnum;
import com.adobe.epubcheck.util.ReportingLevel;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one file name a line and answers each with one line: a JSON list of EPUBCheck's messages. */
public class EpubCheckLines {
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // nothing else may get between the answers
    BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ObjectMapper json = new ObjectMapper();
    answers.println(json.writeValueAsString(Map.of("version", EpubCheck.version())));
    for (String name = names.readLine(); name != null; name = names.readLine()) {
      answers.println(json.writeValueAsString(check(new File(name))));
    }
  }

  private static List<Map<String, Object>> check(File file) {
    Collected report = new Collected(file.getName());
    EpubCheck check = new EpubCheck(file, report);
    check.setLocale(Locale.ENGLISH);
    check.doValidate();
    return report.messages;
  }

  /** Keeps every message, those of the level "usage" too. */
  private static class Collected extends MasterReport {
    final List<Map<String, Object>> messages = new ArrayList<>();

    Collected(String name) {
      setEpubFileName(name);
      setReportingLevel(ReportingLevel.Usage);
      setLocale(Locale.ENGLISH);
    }

    @Override
    public void message(Message message, EPUBLocation location, Object... parts) {
      if (ReportingLevel.getReportingLevel(message.getSeverity()) >= ReportingLevel.Usage) {
        messages.add(
            Map.of(
                "id", message.getID().toString(),
                "severity", message.getSeverity().toString(),
                "message", message.getMessage(parts),
                "path", String.valueOf(location.getPath()),
                "line", location.getLine(),
                "column", location.getColumn()));
      }
    }

    @Override
    public void info(String resource, FeatureEnum feature, String value) {}

    @Override
    public int generate() {
      return 0;
    }

    @Override
    public void initialize() {}
  }
}
