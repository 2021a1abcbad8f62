import Foundation
import WeirCore

/// Time zones for tests.
enum Zones {
    /// From the machine's time zone database; nil when it does not have that zone.
    static func ofThisMachine(_ name: String) -> TimeZoneRules? {
        let folders = [ProcessInfo.processInfo.environment["TZDIR"], "/usr/share/zoneinfo"]
        for folder in folders.compactMap(\.self) {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            return TimeZoneRules(name: name, tzif: [UInt8](data))
        }
        return nil
    }
}
