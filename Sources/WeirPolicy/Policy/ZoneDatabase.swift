import Foundation
import WeirCore

/// Time zones as policy files name them.
public enum ZoneRules {
    /// Nil when this machine knows none of this name.
    public static func named(_ name: String) -> TimeZoneRules? { try? ZoneDatabase.rules(of: name) }
}

/// The time zone database of this machine: a folder of compiled zones.
enum ZoneDatabase {
    /// Why there are no rules for a zone, for people.
    struct Failure: Error {
        var message: String
        var hint: String
    }

    /// Where it is, unless TZDIR says otherwise.
    private static let usual = "/usr/share/zoneinfo"

    static var folder: String {
        ProcessInfo.processInfo.environment["TZDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? usual
    }

    /// UTC needs no database, so a machine without one runs every file that names no other zone.
    static func rules(of name: String, in folder: String = folder) throws(Failure) -> TimeZoneRules {
        if name == TimeZoneRules.utc.name { return .utc }
        let bytes =
            isName(name) ? try? RegularFile.start(of: folder + "/" + name, limit: Limits.largestZoneFileBytes) : nil
        guard let bytes else { throw unknown(name, in: folder) }
        guard let rules = TimeZoneRules(name: name, tzif: bytes) else {
            throw Failure(
                message: "'\(name)' in \(folder) is no compiled time zone", hint: "expected the database of the system")
        }
        return rules
    }

    /// A path below the folder, and never out of it.
    private static func isName(_ name: String) -> Bool {
        (1...Limits.longestZoneName).contains(name.utf8.count) && !name.hasPrefix("/") && !name.contains("..")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/_+-".contains($0)) }
    }

    private static func unknown(_ name: String, in folder: String) -> Failure {
        let known = names(in: folder)
        guard !known.isEmpty else {
            return Failure(
                message:
                    "there is no time zone database in \(folder), so nothing is known of '\(Quotation.short(name))'",
                hint: "expected the package 'tzdata', or TZDIR with its folder; UTC needs neither")
        }
        return Failure(
            message: "there is no time zone '\(Quotation.short(name))'",
            hint: nearest(name, among: known).map { "did you mean '\($0)'?" }
                ?? "expected a name such as Europe/Berlin, America/New_York or UTC")
    }

    /// Most people know their city, and not always the part of the world that the database counts it to.
    private static func nearest(_ name: String, among known: [String]) -> String? {
        let city = name.split(separator: "/").last.map { String($0).lowercased().replacing(" ", with: "_") }
        return known.first { $0.split(separator: "/").last?.lowercased() == city } ?? NearestWord.to(name, among: known)
    }

    /// Looked up only to help: those of regions, such as `Europe/Berlin`.
    private static func names(in folder: String) -> [String] {
        let regions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var names: [String] = []
        for region in regions.sorted() where region.first?.isUppercase == true {
            let inside = try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + region)
            names += inside?.sorted().map { "\(region)/\($0)" } ?? [region]
        }
        return names
    }
}
