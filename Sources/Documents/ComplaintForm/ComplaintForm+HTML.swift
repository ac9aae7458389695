extension ComplaintForm {
    /// The form as one HTML page that needs nothing else: no script, no link, every text escaped; it prints on A4.
    package func html() -> String {
        let short = fields.filter { !$0.isLong }
        let long = fields.filter(\.isLong)
        var page = """
            <!DOCTYPE html>
            <html lang="id">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.title.escapedForHTML) \(number.cleanedLine.escapedForHTML)</title>
            <style>
            \(Self.styleSheet)
            </style>
            </head>
            <body>
            <main>

            """
        if !institution.isEmpty {
            page += "<header>\n"
            for line in institution { page += "<p>\(line.cleaned.escapedForHTML)</p>\n" }
            page += "</header>\n"
        }
        page += "<h1>\(Self.title.escapedForHTML)</h1>\n<table>\n"
        for field in short {
            page +=
                "<tr><th scope=\"row\">\(field.label.escapedForHTML)</th><td dir=\"auto\">\(field.value.cleaned.escapedForHTML)</td></tr>\n"
        }
        page += "</table>\n"
        for field in long {
            page +=
                "<section>\n<h2>\(field.label.escapedForHTML)</h2>\n<p dir=\"auto\">\(field.value.cleaned.escapedForHTML)</p>\n</section>\n"
        }
        page += "<footer>\n"
        if !signatures.placeAndDate.isEmpty { page += "<p class=\"place\">\(signatures.placeAndDate.cleaned.escapedForHTML)</p>\n" }
        for person in signatures.people {
            page += """
                <div>
                <p>\(person.role.cleaned.escapedForHTML)</p>
                <p class="name" dir="auto">\(person.name.cleaned.escapedForHTML)</p>
                <p>NIP. \(person.nip.cleaned.escapedForHTML)</p>
                </div>

                """
        }
        page += "</footer>\n</main>\n</body>\n</html>\n"
        return page
    }

    private static let styleSheet = """
        @page { size: A4; margin: 18mm 20mm 20mm; }
        body { margin: 0; background: #eee; color: #000; font: 10.5pt/1.35 "Liberation Sans", Arial, sans-serif; }
        main { box-sizing: border-box; max-width: 210mm; margin: 0 auto; padding: 18mm 20mm; background: #fff; overflow-wrap: anywhere; }
        header { padding-bottom: 6pt; border-bottom: 3pt double #000; text-align: center; }
        header p { margin: 0; font-size: 11pt; }
        header p:last-child { font-size: 12pt; font-weight: bold; }
        h1 { margin: 16pt 0; font-size: 14pt; text-align: center; text-transform: uppercase; }
        table { width: 100%; border-collapse: collapse; }
        th, td, section { border: 0.75pt solid #000; }
        th, td { padding: 5pt 6pt; text-align: start; vertical-align: top; white-space: pre-wrap; }
        th { width: 29%; background: #ebebeb; }
        section { border-top: 0; }
        h2 { margin: 0; padding: 4pt 6pt; border-bottom: 0.75pt solid #000; background: #ebebeb; font-size: 10.5pt; break-after: avoid; }
        section p { min-height: 48pt; margin: 0; padding: 6pt; white-space: pre-wrap; }
        footer { display: flex; flex-wrap: wrap; margin-top: 18pt; text-align: center; break-inside: avoid; }
        footer p { margin: 0; }
        footer div { box-sizing: border-box; flex: 1 1 50%; padding: 0 12pt; }
        .place { flex: 0 0 100%; box-sizing: border-box; padding-left: 50%; }
        .name { min-height: 1.35em; margin-top: 58pt; border-bottom: 0.75pt solid #000; font-weight: bold; }
        @media print { body { background: #fff; } main { max-width: none; padding: 0; } h2, th { print-color-adjust: exact; } }
        """
}

extension String {
    /// This text with the five signs that mean something in HTML written as references.
    fileprivate var escapedForHTML: String {
        var escaped = ""
        escaped.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
