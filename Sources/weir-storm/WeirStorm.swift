import WeirStorm
@main struct Main { static func main() {} }
