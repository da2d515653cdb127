// Copy to ecosystem.config.cjs on the server:  cp ecosystem.config.example.cjs ecosystem.config.cjs
module.exports = {
  apps: [
    {
      name: process.env.PM2_PROCESS_NAME || "pawtropolis",
      script: "dist/index.js",
      cwd: __dirname,

      env: { NODE_ENV: "production" },

      // One process on one SQLite file. With `instances` alone PM2 would choose its cluster mode.
      instances: 1,
      exec_mode: "fork",
      watch: false,
      max_memory_restart: "500M",

      // A bot that cannot start (a wrong token, a port that is taken) is given up after six tries, so that the log stays
      // readable and Discord is left in peace; one that has run for a while is always started again.
      autorestart: true,
      min_uptime: "30s",
      max_restarts: 6,
      restart_delay: 2000,

      log_date_format: "YYYY-MM-DD HH:mm:ss Z",
      error_file: "logs/error.log",
      out_file: "logs/out.log",
      merge_logs: true,

      // SIGINT, then five seconds to finish what runs; 'online' only after the bot says it is ready.
      kill_timeout: 5000,
      wait_ready: true,
      listen_timeout: 10000,
    },
  ],
};
