extension Pages {
    /// Draws the institution's lines with a double rule below, and under it the title of the document with its further lines.
    mutating func drawLetterhead(_ institution: [String], title: String, subtitles: [String] = []) throws(DocumentError) {
        for (index, line) in institution.enumerated() where !line.isEmpty {
            let isLast = index == institution.count - 1
            let layout = try text(line, TextStyle(size: isLast ? 12 : 11, isBold: isLast, side: .center), width: Self.textWidth)
            try draw(flowing: layout)
        }
        if !institution.isEmpty {
            rule(from: Self.left, to: Self.right, y: y + 6, thickness: 1.6)
            rule(from: Self.left, to: Self.right, y: y + 8.4, thickness: 0.5)
            y += 26
        }
        try draw(flowing: text(title, TextStyle(size: 14, isBold: true, side: .center), width: Self.textWidth))
        for line in subtitles where !line.isEmpty {
            y += 2
            try draw(flowing: text(line, TextStyle(size: 11, side: .center), width: Self.textWidth))
        }
        y += 16
    }

    /// Draws the lines one under the other over as many pages as they need, no line alone on a page where that can be helped.
    mutating func draw(flowing layout: TextLayout, x: Double = Pages.left) throws(DocumentError) {
        var next = 0
        while next < layout.lines.count {
            let count = layout.linesForPage(from: next, in: space, isAtTop: isAtTop)
            guard count > 0 else {
                try startPage()
                continue
            }
            let last = layout.lines[next + count - 1]
            draw(layout, lines: next..<next + count, x: x, y: y)
            y += last.bottom - layout.lines[next].top
            next += count
            if next < layout.lines.count { try startPage() }
        }
    }
}

extension TextLayout {
    /// How many lines from `index` on go onto a page with `space` points left: at least one on an empty page, and no line alone where that can be helped.
    func linesForPage(from index: Int, in space: Double, isAtTop: Bool) -> Int {
        let remaining = lines.count - index
        let fitting = lineCount(from: index, in: space)
        if fitting == remaining { return fitting }
        if isAtTop, fitting < 3 { return max(fitting, 1) }
        if fitting == 1 { return 0 }
        if remaining - fitting == 1 { return fitting > 2 ? fitting - 1 : 0 }
        return fitting
    }
}
