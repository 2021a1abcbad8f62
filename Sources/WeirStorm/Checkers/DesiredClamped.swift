import WeirCore

/// A desired capacity beyond the bounds is clamped, and not refused; and what was asked for holds on that tick.
struct DesiredClamped {
    func check(_ kind: Request.Kind, _ result: Answer.Result?, of group: StormGroup, in storm: Storm) {
        guard case .setDesired(let asked, _) = kind, case .refused(let refusal)? = result else { return }
        switch refusal {
        case .coolingDown, .groupIsLeaving: break
        default:
            storm.violate(.desiredClamped, "\(group.name) refuses \(asked) instances: \(refusal.sentence)")
        }
    }

    func check(_ record: Record, of group: StormGroup, bounds: (minimum: Int, maximum: Int), in storm: Storm) {
        guard record.observation.requests.count == 1, record.observation.measurement == nil, group.isWanted,
            case .setDesired(let asked, _) = record.observation.requests[0].kind,
            case .accepted? = record.answers.first?.result
        else { return }
        let wanted = min(max(asked, bounds.minimum), bounds.maximum)
        if record.decision.desired != wanted {
            storm.violate(
                .desiredClamped, "\(group.name) was asked for \(asked), and wants \(record.decision.desired)")
        }
    }
}
