print(f"{0.1234:%} {0.1234:.1%} {1:.0%} {2.5:.3%} {-0.05:10.1%}|")
inf, nan = float("inf"), float("nan")
print(f"{inf} {-inf:f} {nan:.2f} {inf:10}| {nan:<6}| {inf:+} {inf:F} {nan:G} {inf:010.1f} {-inf:%}")
print(f"{-0.0} {-0.0:.1f} {0.0:+.1f} {-0.001:.1f} {1e300 * 10:e}")
