/* The limit: REML by Fisher scoring as a plain loop. reml FITS K reads FITS * K lines "yi vi", prints seconds a fit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double fit(const double *y, const double *v, int k) {
  double mean = 0, square = 0, mean_v = 0, t;
  for (int i = 0; i < k; i++) { mean += y[i] / k; mean_v += v[i] / k; }
  for (int i = 0; i < k; i++) square += (y[i] - mean) * (y[i] - mean);
  t = fmax(0, square / (k - 1) - mean_v);
  for (int step = 0; step < 100; step++) {
    double s1 = 0, s2 = 0, s3 = 0, sy = 0, e2 = 0, adj;
    for (int i = 0; i < k; i++) {
      double w = 1 / (v[i] + t);
      s1 += w; s2 += w * w; s3 += w * w * w; sy += w * y[i];
    }
    for (int i = 0; i < k; i++) {
      double u = (y[i] - sy / s1) / (v[i] + t);
      e2 += u * u;
    }
    adj = (e2 - (s1 - s2 / s1)) / (s2 - 2 * s3 / s1 + s2 * s2 / (s1 * s1));
    while (t + adj < 0) adj /= 2;
    t += adj;
    if (fabs(adj) < 1e-5) break;
  }
  return t;
}

int main(int argc, char **argv) {
  long fits = atol(argv[1]);
  int k = atoi(argv[2]);
  double *y = malloc(fits * k * sizeof *y), *v = malloc(fits * k * sizeof *v), sum = 0;
  for (long i = 0; i < fits * k; i++)
    if (scanf("%lf %lf", &y[i], &v[i]) != 2) return 1;
  clock_t start = clock();
  for (long b = 0; b < fits; b++) sum += fit(y + b * k, v + b * k, k);
  printf("%.17g %.17g\n", (double)(clock() - start) / CLOCKS_PER_SEC / fits, sum);
  return argc != 3;
}
